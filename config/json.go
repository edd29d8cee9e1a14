package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxDepth bounds how deep a document may nest. The deepest honest value, a
// territory of a sender, stands at 7.
const maxDepth = 16

// ParseJSON reads a document in JSON. Unknown and repeated members, null and
// anything behind the document are errors.
func ParseJSON(text []byte) (Document, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := checkJSON(decoder, "", 0); err != nil {
		return Document{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Document{}, errors.New("there is more behind the document: write one only")
	}
	var d Document
	decoder = json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("reading JSON: %w", err)
	}
	return d, nil
}

// checkJSON finds what encoding/json would silently accept.
func checkJSON(decoder *json.Decoder, path string, depth int) error {
	token, err := decoder.Token()
	if err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	if token == nil {
		return fmt.Errorf("%s: null says nothing: leave it out to inherit, or write [] for none", path)
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxDepth {
		return fmt.Errorf("%s: nested too deep", path)
	}
	seen := make(map[string]bool)
	for i := 0; decoder.More(); i++ {
		member := path + "[" + strconv.Itoa(i) + "]"
		if delim == '{' {
			key, err := decoder.Token()
			if err != nil {
				return fmt.Errorf("reading JSON: %w", err)
			}
			name := key.(string)
			if member = join(path, name); seen[name] {
				return fmt.Errorf("%s: stands twice", member)
			}
			seen[name] = true
		}
		if err := checkJSON(decoder, member, depth+1); err != nil {
			return err
		}
	}
	_, err = decoder.Token()
	return err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
