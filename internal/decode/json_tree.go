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
	// How many levels deep values may nest.
	deepest int
	// Where the token before it ends, and what comes after that.
	end  int
	next next
}

// next is what a JSON text may have next; 0 is the value of the document.
type next uint8

const (
	// A name, or the end of the object.
	aName next = iota + 1
	// A colon and a value.
	aNamedValue
	// A value, or the end of the list.
	anElement
)

// readJSON reads the one value in a JSON text, whose values nest so many levels at most.
func readJSON(text []byte, deepest int) (*value, *mistake) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // which keeps a number as it was written
	t := jsonTree{text: text, decoder: decoder, line: 1, column: 1, deepest: deepest}
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
	if depth > t.deepest {
		return nil, t.mistake(tooDeep(t.deepest))
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
	for t.next = anElement; t.decoder.More(); t.next = anElement {
		element, wrong := t.value(depth + 1)
		if wrong != nil {
			return wrong
		}
		v.elements = append(v.elements, element)
	}
	return t.close()
}

func (t *jsonTree) members(v *value, depth int) *mistake {
	v.kind = object
	for t.next = aName; t.decoder.More(); t.next = aName {
		name, err := t.token()
		if err != nil {
			return t.syntax(err)
		}
		m := member{line: t.line, column: t.column}
		m.name, _ = name.(string) // the decoder accepts nothing else as a name
		t.next = aNamedValue
		var wrong *mistake
		if m.value, wrong = t.value(depth + 1); wrong != nil {
			return wrong
		}
		v.members = append(v.members, m)
	}
	return t.close()
}

// close reads the end of an object or a list.
func (t *jsonTree) close() *mistake {
	if _, err := t.token(); err != nil {
		return t.syntax(err)
	}
	return nil
}

// token reads one token and records where it begins.
func (t *jsonTree) token() (json.Token, error) {
	t.end = int(t.decoder.InputOffset())
	begin := t.end
	for begin < len(t.text) && bytes.IndexByte([]byte(" \t\r\n,:"), t.text[begin]) >= 0 {
		begin++
	}
	t.moveTo(begin)
	return t.decoder.Token()
}

// moveTo moves on to an offset, with line and column.
func (t *jsonTree) moveTo(offset int) {
	for t.offset < offset {
		r, size := utf8.DecodeRune(t.text[t.offset:])
		t.offset += size
		t.column++
		if r == '\n' {
			t.line, t.column = t.line+1, 1
		}
	}
}

func (t *jsonTree) mistake(message string) *mistake {
	return &mistake{t.line, t.column, message}
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
