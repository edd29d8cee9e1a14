package config

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// FileVersion is the version of the policy file that this program reads.
const FileVersion = 1

// beginning is what a policy file begins with.
var beginning = fmt.Sprintf(`"version": %d`, FileVersion)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of the policy file, for editors. It accepts every file that
// this program accepts; what it cannot see, such as an account that is already defined, is
// left to Check.
func Schema() []byte { return slices.Clone(schema) }

// file is what a policy file holds.
type file struct {
	// The version of this file's grammar: 1. Required.
	Version int `json:"version"`
	Document
	// The end of this file: `true`, as its last member. A file that is cut off
	// between two lines is whole YAML, and another policy; without its end it shows.
	End bool `json:"end,omitzero"`
}

// ReadFile reads a policy file: YAML, or JSON if its first character is "{".
func ReadFile(name string) (Source, error) {
	text, err := decode.ReadText(name)
	if err != nil {
		return Source{}, fmt.Errorf("reading the policy file: %w", err)
	}
	return ParseFile(name, text)
}

// ParseFile reads the text of a policy file, as ReadFile does. The name is for
// the positions of what is in it.
func ParseFile(name string, text []byte) (Source, error) {
	if len(text) >= manyAccounts {
		if source, ok := parseInParts(name, text, partSize); ok {
			return source, nil
		}
	}
	return parseWhole(name, text)
}

// manyAccounts is the size of a file from which its accounts are read in parts, and partSize
// about that of a part: the memory that this saves matters only then.
const (
	manyAccounts = 1 << 20
	partSize     = 32 << 10
)

// parseInParts reads a file whose accounts can be read in parts, if there is no mistake.
func parseInParts(name string, text []byte, size int) (Source, bool) {
	read, ok := decode.ParseInParts(name, text, beginning, "accounts", size)
	if !ok {
		return Source{}, false
	}
	source, err := readSource(read)
	return source, err == nil
}

func parseWhole(name string, text []byte) (Source, error) {
	read, err := decode.ParseFile(name, text, beginning)
	if err != nil {
		return Source{}, err
	}
	return readSource(read)
}

func readSource(read *decode.File) (Source, error) {
	if isOtherVersion(read) {
		return Source{}, read.Err()
	}
	var f file
	if err := read.Read(&f, synonyms); err != nil {
		return Source{}, err
	}
	checkEnd(read)
	if err := read.Err(); err != nil {
		return Source{}, err
	}
	return Source{Document: f.Document, Positions: read.Places(), HasEnd: f.End}, nil
}

// isOtherVersion reports whether a file is in a version that this program does not read,
// of which nothing else can be said. A file that states no version is a mistake, too.
func isOtherVersion(f *decode.File) bool {
	members, isObject := f.Members()
	if !isObject {
		return false
	}
	i := slices.IndexFunc(members, func(m decode.Member) bool { return m.Name == "version" })
	switch {
	case i < 0:
		f.Problem("", f.Start(), "the version is missing: write %s at the top", f.Example(beginning))
		return false
	case members[i].Text == fmt.Sprint(FileVersion) && !members[i].Quoted:
		return false
	}
	f.Problem("version", members[i].ValueAt, `must be %d: this program reads no other version of the policy file`, FileVersion)
	return true
}

// checkEnd adds the mistake of an end that is false, or is not the last member.
func checkEnd(f *decode.File) {
	members, _ := f.Members()
	for i, m := range members {
		switch {
		case m.Name != "end":
		case m.Text == "false":
			f.Problem("end", m.ValueAt, "must be true: leave it out where no end is stated")
		case i < len(members)-1:
			f.Problem("end", m.At, "must be the last member: no one would see that what is after it was cut off")
		}
	}
}

// ParseJSON reads a document in JSON, strictly, as DecodeJSON does.
func ParseJSON(text []byte) (Document, error) {
	var d Document
	if err := DecodeJSON(text, &d); err != nil {
		return Document{}, err
	}
	return d, nil
}

// DecodeJSONMember reads one member of an object in the text of a JSON file, as
// decode.JSONMember does, into a pointer to a struct that embeds a Document.
func DecodeJSONMember(name string, text []byte, names []string, v any) (decode.Positions, bool, error) {
	return decode.JSONMember(name, text, names, v, synonyms)
}

// DecodeJSON reads JSON as decode.JSON does into a pointer to a struct that is, or embeds,
// a Document. Its errors suggest members for other words that are in use for them.
func DecodeJSON(text []byte, v any) error {
	return decode.JSON(text, v, synonyms)
}
