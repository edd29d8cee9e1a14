package linkrewrite

import (
	"bytes"
	"encoding/json"
	"strings"
)

// linkReplacer replaces one base URL by another in a JSON document that comes in pieces
// of any size. It replaces where a string begins with the base and the base ends there,
// at a slash or with the string. Text within a string is not changed, not even JSON in a
// string.
//
// It holds back no more than the beginning of one link.
type linkReplacer struct {
	spellings []spelling
	// held is what came last if a link may begin with it. Its one quotation mark
	// is its first byte, so no other link can begin in it.
	held []byte
	// last is the byte before held.
	last byte
}

// spelling is one way to write the beginning of a link in JSON.
type spelling struct{ from, to []byte }

// linkStem begins every spelling.
var linkStem = []byte(`"https:`)

// newLinkReplacer replaces the base URL https://<host> with another one.
func newLinkReplacer(host, base string) linkReplacer {
	quoted, _ := json.Marshal(base) // strings always marshal
	plain := string(quoted[1 : len(quoted)-1])
	escaped := strings.ReplaceAll(plain, "/", `\/`)
	return linkReplacer{spellings: []spelling{
		{[]byte(`"https://` + host + `/`), []byte(`"` + plain + `/`)},
		{[]byte(`"https://` + host + `"`), []byte(`"` + plain + `"`)},
		{[]byte(`"https:\/\/` + host + `\/`), []byte(`"` + escaped + `\/`)},
		{[]byte(`"https:\/\/` + host + `"`), []byte(`"` + escaped + `"`)},
	}}
}

// replace appends the next piece of a document to out, without the end that it holds
// back.
func (l *linkReplacer) replace(out, piece []byte) []byte {
	for len(l.held) > 0 && len(piece) > 0 {
		grown := append(l.held, piece[0])
		found, begun := l.match(grown)
		switch {
		case found != nil:
			out, piece = l.emit(out, found.to), piece[1:]
			l.held = grown[:0]
		case begun:
			l.held, piece = grown, piece[1:]
		default:
			out = l.emit(out, l.held)
			l.held = grown[:0]
		}
	}
	for len(piece) > 0 {
		at := l.candidate(piece)
		out = l.emit(out, piece[:at])
		piece = piece[at:]
		if len(piece) == 0 {
			break
		}
		found, begun := l.match(piece)
		switch {
		case l.last == '\\':
			// The quotation mark is within a string.
			out, piece = l.emit(out, piece[:1]), piece[1:]
		case found != nil:
			out, piece = l.emit(out, found.to), piece[len(found.from):]
		case begun:
			l.held = append(l.held, piece...)
			return out
		default:
			out, piece = l.emit(out, piece[:1]), piece[1:]
		}
	}
	return out
}

// emit appends text to out.
func (l *linkReplacer) emit(out, text []byte) []byte {
	if len(text) > 0 {
		l.last = text[len(text)-1]
	}
	return append(out, text...)
}

// candidate is where in a piece a link may begin next, or the piece's length.
func (l *linkReplacer) candidate(piece []byte) int {
	if at := bytes.Index(piece, linkStem); at >= 0 {
		return at
	}
	tail := max(0, len(piece)-len(linkStem)+1)
	if at := bytes.LastIndexByte(piece[tail:], '"'); at >= 0 && bytes.HasPrefix(linkStem, piece[tail+at:]) {
		return tail + at
	}
	return len(piece)
}

// match returns the spelling that a text begins with, or reports whether the whole text
// is the beginning of one.
func (l *linkReplacer) match(text []byte) (found *spelling, begun bool) {
	for i := range l.spellings {
		s := &l.spellings[i]
		switch {
		case bytes.HasPrefix(text, s.from):
			return s, false
		case bytes.HasPrefix(s.from, text):
			begun = true
		}
	}
	return nil, begun
}

// rest appends what was held back at the end of the document.
func (l *linkReplacer) rest(out []byte) []byte {
	out = append(out, l.held...)
	l.held = l.held[:0]
	return out
}
