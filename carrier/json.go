package carrier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxJSONDepth bounds how deep a JSON document may nest.
const maxJSONDepth = 64

// JSON appends the wanted members of a JSON document to found: strings and
// numbers under a wanted name at any depth, singly or in arrays, and each as
// often as it stands there. Anything but one valid document is ErrUndecodable.
func JSON(document []byte, want Wanted, found []Parameter) ([]Parameter, error) {
	if bytes.Contains(document, []byte{0}) || bytes.HasPrefix(document, []byte("\xef\xbb\xbf")) || !utf8.Valid(document) {
		return found, fmt.Errorf("%w: not plain UTF-8", ErrUndecodable)
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	found, err := jsonValue(decoder, "", "", want, found, 0)
	if errors.Is(err, ErrTooMany) {
		return found, err
	}
	if err != nil {
		return found, fmt.Errorf("%w: %v", ErrUndecodable, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return found, fmt.Errorf("%w: more than one JSON document", ErrUndecodable)
	}
	return found, nil
}

// jsonValue reads one value, which stands under name in an object that stands
// under parent.
func jsonValue(decoder *json.Decoder, name, parent string, want Wanted, found []Parameter, depth int) ([]Parameter, error) {
	if depth > maxJSONDepth {
		return found, errors.New("nested too deep")
	}
	if len(found) >= maxFound {
		return found, ErrTooMany
	}
	token, err := decoder.Token()
	if err != nil {
		return found, err
	}
	switch value := token.(type) {
	case string:
		if want(name) {
			found = append(found, Parameter{Name: name, Parent: parent, Value: value})
		}
	case json.Number:
		if want(name) {
			found = append(found, Parameter{Name: name, Parent: parent, Value: value.String()})
		}
	case json.Delim:
		for decoder.More() {
			member, within := name, parent // elements of an array stand where it stands
			if value == '{' {
				key, err := decoder.Token()
				if err != nil {
					return found, err
				}
				member, within = strings.TrimSpace(key.(string)), name
			}
			if found, err = jsonValue(decoder, member, within, want, found, depth+1); err != nil {
				return found, err
			}
		}
		_, err = decoder.Token()
	}
	return found, err
}
