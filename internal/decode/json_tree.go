package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// jsonTree makes a tree of values from the tokens of a JSON text.
type jsonTree struct {
	text    []byte
	decoder *json.Decoder
	// Where the latest token begins.
	offset       int
	line, column int32
}

// readJSON reads the one value in a JSON text.
func readJSON(text []byte) (*value, *mistake) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // which keeps a number as it was written
	t := jsonTree{text: text, decoder: decoder, line: 1, column: 1}
	v, wrong := t.value(0)
	if wrong != nil {
		return nil, wrong
	}
	if _, err := t.token(); !errors.Is(err, io.EOF) {
		return nil, t.mistake("there is more after the document: write one only")
	}
	return v, nil
}

func (t *jsonTree) value(depth int) (*value, *mistake) {
	token, err := t.token()
	if err != nil {
		return nil, t.syntax(err)
	}
	v := &value{line: t.line, column: t.column}
	if depth > maxDepth {
		return nil, t.mistake(tooDeep)
	}
	switch token := token.(type) {
	case nil:
		v.kind = null
	case bool:
		v.kind, v.text = boolean, "false"
		if token {
			v.text = "true"
		}
	case json.Number:
		v.kind, v.text = number, token.String()
	case string:
		v.kind, v.text = quoted, token
	case json.Delim:
		if token == '[' {
			return v, t.elements(v, depth)
		}
		return v, t.members(v, depth)
	}
	return v, nil
}

func (t *jsonTree) elements(v *value, depth int) *mistake {
	v.kind = list
	for t.decoder.More() {
		element, wrong := t.value(depth + 1)
		if wrong != nil {
			return wrong
		}
		v.elements = append(v.elements, element)
	}
	return t.end()
}

func (t *jsonTree) members(v *value, depth int) *mistake {
	v.kind = object
	for t.decoder.More() {
		name, err := t.token()
		if err != nil {
			return t.syntax(err)
		}
		m := member{line: t.line, column: t.column}
		m.name, _ = name.(string) // the decoder accepts nothing else as a name
		var wrong *mistake
		if m.value, wrong = t.value(depth + 1); wrong != nil {
			return wrong
		}
		v.members = append(v.members, m)
	}
	return t.end()
}

// end reads the end of an object or a list.
func (t *jsonTree) end() *mistake {
	if _, err := t.token(); err != nil {
		return t.syntax(err)
	}
	return nil
}

// token reads one token and records where it begins.
func (t *jsonTree) token() (json.Token, error) {
	begin := int(t.decoder.InputOffset())
	for begin < len(t.text) && bytes.IndexByte([]byte(" \t\r\n,:"), t.text[begin]) >= 0 {
		begin++
	}
	for t.offset < begin {
		r, size := utf8.DecodeRune(t.text[t.offset:])
		t.offset += size
		t.column++
		if r == '\n' {
			t.line, t.column = t.line+1, 1
		}
	}
	return t.decoder.Token()
}

func (t *jsonTree) mistake(message string) *mistake {
	return &mistake{t.line, t.column, message}
}

// syntax is the mistake of a text that is not JSON.
func (t *jsonTree) syntax(err error) *mistake {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return t.mistake("reading JSON: the document ends too soon")
	}
	return t.mistake("reading JSON: " + err.Error())
}

// json appends a value as JSON to text.
func (v *value) json(text []byte) []byte {
	switch v.kind {
	case null:
		return append(text, "null"...)
	case boolean, number:
		return append(text, v.text...)
	case list:
		text = append(text, '[')
		for i, element := range v.elements {
			if i > 0 {
				text = append(text, ',')
			}
			text = element.json(text)
		}
		return append(text, ']')
	case object:
		text = append(text, '{')
		for i := range v.members {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(appendString(text, v.members[i].name), ':')
			text = v.members[i].value.json(text)
		}
		return append(text, '}')
	}
	return appendString(text, v.text)
}

// appendString appends a text in quotes.
func appendString(text []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // never fails
	return append(text, quoted...)
}
