package params

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The readers are compared with slow and obvious ones: every value that another reader
// sees under a wanted name, ours finds as well, or it refuses the body.

func requireValues(t *testing.T, reader string, seen []string, found []Parameter, err error) {
	t.Helper()
	if err != nil {
		return
	}
	for _, value := range seen {
		if !slices.ContainsFunc(found, func(p Parameter) bool { return p.Value == value }) {
			t.Errorf("%s sees %q, we see %+v", reader, value, found)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Fuzz(func(t *testing.T, form string) {
		found, err := Form(form, wantTo, nil)
		values, modelErr := url.ParseQuery(form)
		if modelErr == nil {
			requireValues(t, "net/url", wantedValues(values), found, err)
		}
		// A reader that separates pairs at semicolons as well.
		values, modelErr = url.ParseQuery(strings.ReplaceAll(form, ";", "&"))
		if modelErr == nil {
			requireValues(t, "a reader of semicolons", wantedValues(values), found, err)
		}
	})
}

// wantedValues are all values under a wanted name.
func wantedValues(values map[string][]string) (wanted []string) {
	for name, list := range values {
		if wantTo(CanonicalName(name)) {
			wanted = append(wanted, list...)
		}
	}
	return wanted
}

func FuzzMultipart(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte, boundary string) {
		found, err := Multipart(body, boundary, wantTo, nil)
		if boundary == "" {
			if err == nil {
				t.Error("a body without a boundary was read")
			}
			return
		}
		form, modelErr := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(1 << 20)
		if modelErr == nil {
			requireValues(t, "mime/multipart", wantedValues(form.Value), found, err)
			_ = form.RemoveAll()
		}
		requireValues(t, "a reader of CRLF", naiveParts(string(body), boundary, "\r\n"), found, err)
		if bytes.IndexByte(body, '\r') < 0 {
			return
		}
		// To a reader of line feeds the returns are part of the lines before.
		for _, value := range naiveParts(string(body), boundary, "\n") {
			requireValues(t, "a reader of LF", []string{strings.TrimSuffix(value, "\r")}, found, err)
		}
	})
}

var naiveName = regexp.MustCompile(`(?i)content-disposition:[^\r\n]*;\s*name="?to\b"?`)

// naiveParts are the values of the parts called "To" to a reader that knows one
// way to end a line and nothing else.
func naiveParts(body, boundary, newline string) (values []string) {
	sections := strings.Split(newline+body, newline+"--"+boundary)
	for _, section := range sections[1:] {
		if strings.HasPrefix(section, "--") {
			break
		}
		header, value, found := strings.Cut(section, newline+newline)
		if found && naiveName.MatchString(header) {
			values = append(values, value)
		}
	}
	return values
}

func FuzzJSON(f *testing.F) {
	f.Fuzz(func(t *testing.T, document []byte) {
		found, err := JSON(document, wantTo, nil)
		if !json.Valid(document) {
			if err == nil {
				t.Errorf("%q was read", document)
			}
			return
		}
		if isModest(document) && err != nil {
			t.Errorf("%q was not read: %v", document, err)
		}
		decoder := json.NewDecoder(bytes.NewReader(document))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) == nil {
			requireValues(t, "encoding/json", jsonValues(value, ""), found, err)
		}
	})
}

// isModest reports whether a JSON document is within all limits.
func isModest(document []byte) bool {
	return bytes.Count(document, []byte("[")) <= maxJSONDepth/2 && bytes.Count(document, []byte("{")) <= maxJSONDepth/2 && !bytes.Contains(document, []byte("u00")) &&
		!bytes.Contains(document, []byte(`\\`)) && utf8.Valid(document) && bytes.IndexByte(document, 0) < 0
}

// jsonValues are the texts and numbers under a wanted name, those within a text that
// holds an object or a list included. Where one has a name twice, encoding/json sees the
// last.
func jsonValues(value any, name string) (values []string) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			values = append(values, jsonValues(member, name)...)
		}
	case []any:
		for _, element := range v {
			values = append(values, jsonValues(element, name)...)
		}
	case string:
		var held any
		decoder := json.NewDecoder(strings.NewReader(strings.TrimSpace(v)))
		decoder.UseNumber()
		if BeginsJSON(v) && json.Valid([]byte(strings.TrimSpace(v))) && decoder.Decode(&held) == nil {
			return jsonValues(held, name)
		}
		if wantTo(name) {
			values = append(values, v)
		}
	case json.Number:
		if wantTo(name) {
			values = append(values, v.String())
			if f, err := v.Float64(); err == nil && 1 <= math.Abs(f) && math.Abs(f) < 1e15 {
				if exact, ok := new(big.Rat).SetString(v.String()); ok && exact.IsInt() {
					values = append(values, exact.Num().String())
				}
			}
		}
	}
	return values
}

func FuzzUnescape(f *testing.F) {
	for _, text := range []string{"%2B1201", "a+b", "%", "%2", "%zz", "%C3%96", "%2b%2B+", "%%25"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var r Reading
		for _, text := range []string{first, second} { // the second behind the first
			got, err := r.unescape(text)
			want, wantErr := url.QueryUnescape(text)
			if got != want || (err != nil) != (wantErr != nil) {
				t.Errorf("%q, %v; net/url reads %q, %v", got, err, want, wantErr)
			}
		}
	})
}
