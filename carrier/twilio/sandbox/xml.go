package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// xmlWriter writes elements as Twilio does: the declaration with single quotes on its
// own line, and the rest on one line.
type xmlWriter struct{ strings.Builder }

func writeXML(content content) []byte {
	var text xmlWriter
	text.WriteString("<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>")
	content.writeXML(&text)
	text.WriteString("</TwilioResponse>")
	return []byte(text.String())
}

func (d document) writeXML(text *xmlWriter) { text.element(d.element, d.inOrder()) }

// inOrder returns the fields in their order in XML.
func (d document) inOrder() object {
	if d.order == nil {
		return d.fields
	}
	fields := slices.Clone(d.fields)
	slices.SortStableFunc(fields, func(a, b field) int {
		return slices.Index(d.order, a.name) - slices.Index(d.order, b.name)
	})
	return fields
}

func (l list) writeXML(text *xmlWriter) {
	text.WriteString("<" + l.collection)
	for _, attribute := range l.attributes() {
		text.WriteString(" " + attribute.name + `="` + attributeEscapes.Replace(attribute.value.(string)) + `"`)
	}
	if len(l.items) == 0 {
		text.WriteString("/>")
		return
	}
	text.WriteString(">")
	for _, item := range l.items {
		item.writeXML(text)
	}
	text.WriteString("</" + l.collection + ">")
}

func (t *xmlWriter) element(name string, value any) {
	if value == nil || value == "" {
		t.WriteString("<" + name + "/>")
		return
	}
	t.WriteString("<" + name + ">")
	if members, nested := value.(object); nested {
		for _, member := range members {
			t.element(camelCase(member.name), member.value)
		}
	} else {
		t.WriteString(textEscapes.Replace(strings.Map(xmlCharacter, fmt.Sprint(value))))
	}
	t.WriteString("</" + name + ">")
}

// Quotes in text stay as they are; whether Twilio escapes them is unverified.
var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// xmlCharacter replaces characters that XML 1.0 does not allow.
func xmlCharacter(character rune) rune {
	switch {
	case character == '\t', character == '\n', character == '\r',
		' ' <= character && character <= 0xD7FF,
		0xE000 <= character && character <= 0xFFFD,
		0x10000 <= character:
		return character
	}
	return '\uFFFD'
}
