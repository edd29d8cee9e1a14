package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// writeJSON writes Twilio's form, which is that of Python's json.dumps by default: a
// space after comma and colon, no newline at the end, and escapes for everything except
// printable ASCII. Go's encoder does none of this.
func writeJSON(content content) []byte {
	var text strings.Builder
	writeValue(&text, content.members())
	return []byte(text.String())
}

func writeValue(text *strings.Builder, value any) {
	switch value := value.(type) {
	case string:
		writeString(text, value)
	case int:
		text.WriteString(strconv.Itoa(value))
	case object:
		text.WriteString("{")
		for position, field := range value {
			if position > 0 {
				text.WriteString(", ")
			}
			writeString(text, field.name)
			text.WriteString(": ")
			writeValue(text, field.value)
		}
		text.WriteString("}")
	case []object:
		text.WriteString("[")
		for position, item := range value {
			if position > 0 {
				text.WriteString(", ")
			}
			writeValue(text, item)
		}
		text.WriteString("]")
	default:
		text.WriteString("null")
	}
}

// jsonEscapes are the characters that json.dumps escapes by name.
var jsonEscapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`, '\b': `\b`,
}

func writeString(text *strings.Builder, value string) {
	text.WriteByte('"')
	for _, character := range value {
		escape, named := jsonEscapes[character]
		switch {
		case named:
			text.WriteString(escape)
		case ' ' <= character && character <= '~':
			text.WriteRune(character)
		default:
			for _, unit := range utf16.AppendRune(nil, character) {
				fmt.Fprintf(text, `\u%04x`, unit)
			}
		}
	}
	text.WriteByte('"')
}
