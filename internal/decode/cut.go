package decode

import "bytes"

// cutYAML cuts the elements out of a list that is a member of a YAML document in block
// style, with each element on lines of its own. It is nil if the text is not as simple as
// that, or might say something else in parts: by a directive, by a comment within or after
// the list, which the library may fail to place, or by an alias after the list, whose anchor
// may be specified before the list and again in it.
func cutYAML(text []byte, list string, size int) *parts {
	name := []byte("\n" + list + ":\n")
	begin := bytes.Index(text, name) + len(name)
	switch {
	case bytes.HasPrefix(text, name[1:]):
		begin = len(name) - 1
	case begin < len(name):
		return nil
	}
	before, lines := text[:begin], text[begin:]
	if bytes.HasPrefix(before, []byte("%")) || bytes.Contains(before, []byte("\n%")) {
		return nil
	}
	for _, comment := range []string{"\n#", " #", "\t#"} {
		if bytes.Contains(lines, []byte(comment)) {
			return nil
		}
	}
	indent := len(lines) - len(bytes.TrimLeft(lines, " "))
	dash := append(bytes.Repeat([]byte(" "), indent), "- "...)
	p := &parts{
		yaml:   true,
		line:   int32(bytes.Count(before, []byte("\n"))) + 1,
		column: int32(len(dash)) + 1,
	}
	end := p.cutLines(lines, dash, size)
	after := lines[end:]
	if p.elements == 0 || bytes.Contains(before, []byte("&")) && bytes.Contains(after, []byte("*")) {
		return nil
	}
	p.rest = bytes.Join([][]byte{before, dash, []byte("0\n"), after}, nil)
	return p
}

// cutLines cuts lines into parts that begin with a dash, up to where the list ends: at a
// line that is not indented.
func (p *parts) cutLines(lines, dash []byte, size int) (end int) {
	begin := 0
	for end < len(lines) {
		line := lines[end:]
		if next := bytes.IndexByte(line, '\n'); next >= 0 {
			line = line[:next+1]
		}
		switch {
		case bytes.HasPrefix(line, dash):
			p.elements++
			if end-begin >= size {
				p.texts = append(p.texts, lines[begin:end])
				begin = end
			}
		case line[0] != ' ' && line[0] != '\n':
			p.texts = append(p.texts, lines[begin:end])
			return end
		}
		end += len(line)
	}
	p.texts = append(p.texts, lines[begin:])
	return end
}

// cutJSON cuts the elements out of a list that is a member of a JSON document, nil if there
// is none. A text that is not JSON is cut anywhere, and then its parts are not JSON either.
func cutJSON(text []byte, list string, size int) *parts {
	begin := beginOfList(text, []byte(`"`+list+`"`))
	if begin < 0 {
		return nil
	}
	p, depth, from := new(parts), 0, begin
	for at := begin; at < len(text); at++ {
		switch text[at] {
		case '"':
			at = endOfText(text, at) - 1
		case '[', '{':
			depth++
		case ',':
			if depth > 0 {
				continue
			}
			p.elements++
			if at-from >= size {
				p.texts = append(p.texts, text[from:at])
				from = at + 1
			}
		case ']', '}':
			if depth--; depth < 0 {
				p.elements++
				p.texts = append(p.texts, text[from:at])
				p.rest = bytes.Join([][]byte{text[:begin], []byte("0"), text[at:]}, nil)
				return p
			}
		}
	}
	return nil
}

// beginOfList is where the first element is of the list with a name, in quotes, in the
// object that is a JSON text; -1 if there is none.
func beginOfList(text, name []byte) int {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '"':
			end := endOfText(text, at)
			if depth != 1 || !bytes.Equal(text[at:end], name) {
				at = end - 1
				continue
			}
			value := bytes.TrimLeft(text[end:], " \t\r\n")
			if value, isName := bytes.CutPrefix(value, []byte(":")); isName {
				if elements, isList := bytes.CutPrefix(bytes.TrimLeft(value, " \t\r\n"), []byte("[")); isList {
					return len(text) - len(elements)
				}
				return -1
			}
			at = end - 1
		}
	}
	return -1
}

// endOfText is where a JSON text in quotes ends that begins at an offset.
func endOfText(text []byte, at int) int {
	for at++; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(text)
}
