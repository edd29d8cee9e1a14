package sandbox

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"strings"
)

// field is one member of a resource under its JSON name. A value is nil, a string, an
// int, an object or a []object.
type field struct {
	name  string
	value any
}

// object is a resource or a part of one. Unlike a map it has an order, because Twilio's
// bodies do.
type object []field

// content is the content of a response: one document, or a list of them.
type content interface {
	members() object       // in JSON
	writeXML(*xmlWriter)   // in XML
	documents() []document // in rows
}

// document is one resource, or one error.
type document struct {
	element string   // its name in XML
	order   []string // of its fields in XML; nil if it is the same as in JSON
	fields  object
}

func (d document) members() object       { return d.fields }
func (d document) documents() []document { return []document{d} }

// representation is a way to write content. The 2010 API chooses it by the extension of
// the path and not by Accept.
type representation struct {
	contentType string
	suffix      string // of the addresses in the content
	write       func(content) []byte
}

var (
	jsonRepresentation = representation{"application/json", ".json", writeJSON}
	xmlRepresentation  = representation{"application/xml", "", writeXML}
	csvRepresentation  = representation{"text/csv", "", writeCSV}
	htmlRepresentation = representation{"text/html", "", writeHTML}
)

// representations has the extensions in lower case; Twilio accepts any letter case. CSV
// and HTML are documented, but not their form: both are unverified.
var representations = map[string]*representation{
	"":     &xmlRepresentation,
	"xml":  &xmlRepresentation,
	"json": &jsonRepresentation,
	"csv":  &csvRepresentation,
	"html": &htmlRepresentation,
}

// cutExtension cuts off the extension of a path, if it is a known one.
func cutExtension(path string) (string, *representation) {
	dot := strings.LastIndexByte(path, '.')
	if dot > strings.LastIndexByte(path, '/') {
		if found, known := representations[strings.ToLower(path[dot+1:])]; known {
			return path[:dot], found
		}
	}
	return path, representations[""]
}

// writeCSV writes a heading and a row for each document, without nested values.
func writeCSV(content content) []byte {
	var text bytes.Buffer
	rows := csv.NewWriter(&text)
	for position, document := range content.documents() {
		var names, values []string
		for _, field := range document.inOrder() {
			switch value := field.value.(type) {
			case nil:
				names, values = append(names, camelCase(field.name)), append(values, "")
			case string, int:
				names, values = append(names, camelCase(field.name)), append(values, fmt.Sprint(value))
			}
		}
		if position == 0 {
			_ = rows.Write(names) // writing to a buffer never fails
		}
		_ = rows.Write(values)
	}
	rows.Flush()
	return text.Bytes()
}

// writeHTML shows the JSON.
func writeHTML(content content) []byte {
	return []byte("<!DOCTYPE html>\n<title>Twilio</title>\n<pre>" + html.EscapeString(string(writeJSON(content))) + "</pre>\n")
}
