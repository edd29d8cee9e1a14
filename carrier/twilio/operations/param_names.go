package operations

import "strings"

// Names compare by their letters and digits alone, in any letter case, so that
// "PhoneNumber" is "phone_number". Readers that make objects of names write one path in
// many ways: "MessagingBinding.Address", "messaging_binding[address]", or a member of a
// member. A name that is a path therefore also compares by its last component, leaving
// out indexes.

// nameSet is a set of names with lookups in constant time.
type nameSet struct {
	// whole has the letters of each name, and last those of its last component.
	whole, last map[string]struct{}
}

func newNameSet(names []string) nameSet {
	s := nameSet{make(map[string]struct{}, len(names)), make(map[string]struct{}, len(names))}
	var buffer [longestName]byte
	for _, n := range names {
		if len(n) > longestName {
			panic("operations: parameter name is too long: " + n)
		}
		if letters, ok := lettersOf(n, &buffer); ok {
			s.whole[string(letters)] = struct{}{}
		}
		if letters, ok := lettersOf(lastComponent(n), &buffer); ok {
			s.last[string(letters)] = struct{}{}
		}
	}
	return s
}

// has reports whether a name is in the set, however it is spelled.
func (s *nameSet) has(name string) bool {
	var buffer [longestName]byte
	if letters, ok := lettersOf(name, &buffer); ok {
		if _, found := s.whole[string(letters)]; found {
			return true
		}
	}
	if !isPath(name) {
		return false
	}
	letters, ok := lettersOf(lastComponent(name), &buffer)
	if !ok {
		return false
	}
	_, found := s.last[string(letters)]
	return found
}

// longestName limits the letters of a name; every name of the tables has fewer.
const longestName = 64

// lettersOf writes a name's letters and digits, in lower case. It fails for a name with
// none, or with more than longestName.
func lettersOf(name string, buffer *[longestName]byte) ([]byte, bool) {
	n := 0
	for i := range len(name) {
		c := letterAt(name, i)
		if c == 0 {
			continue
		}
		if n == longestName {
			return nil, false
		}
		buffer[n] = c
		n++
	}
	return buffer[:n], n > 0
}

// contains reports whether a name is in a short list, however it is spelled.
func contains(names []string, name string) bool {
	for _, n := range names {
		if sameName(n, name) {
			return true
		}
	}
	return false
}

// sameName reports whether a name in a request is a name of the tables.
func sameName(known, name string) bool {
	return sameLetters(known, name) || isPath(name) && sameLetters(lastComponent(known), lastComponent(name))
}

func isPath(name string) bool {
	for i := range len(name) {
		if letters[name[i]] == 0 && isSeparator(name[i]) {
			return true
		}
	}
	return false
}

func isSeparator(c byte) bool { return c == '.' || c == '[' || c == ']' || c == '/' }

// lastComponent returns the text after the last separator, leaving out indexes.
func lastComponent(name string) string {
	for {
		i := len(name) - 1
		index := true
		for ; i >= 0 && !isSeparator(name[i]); i-- {
			c := letters[name[i]]
			index = index && (c == 0 || '0' <= c && c <= '9')
		}
		if i < 0 || !index {
			return name[i+1:]
		}
		name = name[:i]
	}
}

// sameLetters compares names by their letters and digits, of which a name has at least
// one. Most names differ in the first.
func sameLetters(a, b string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	if c, d := letterAt(a, 0), letterAt(b, 0); c != d && c != 0 && d != 0 {
		return false
	}
	return haveSameLetters(a, b)
}

func haveSameLetters(a, b string) bool {
	i, j, some := 0, 0, false
	for {
		var c, d byte
		for ; i < len(a) && c == 0; i++ {
			c = letterAt(a, i)
		}
		for ; j < len(b) && d == 0; j++ {
			d = letterAt(b, j)
		}
		if c != d {
			return false
		}
		if c == 0 {
			return some
		}
		some = true
	}
}

// letterAt returns the letter or digit that begins at a byte of a name, in lower case,
// or 0.
func letterAt(name string, i int) byte {
	c := letters[name[i]]
	if c == 0 && name[i] >= 0x80 {
		return foldedAt(name[i:])
	}
	return c
}

// foldedAt returns the ASCII letter that a text begins with for a reader that ignores
// letter case. Four letters outside ASCII have a letter of ASCII as their other case
// (https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt). Go's encoding/json
// reads the first two so, and Java's equalsIgnoreCase all of them.
func foldedAt(text string) byte {
	switch {
	case strings.HasPrefix(text, "\u017f"): // long s
		return 's'
	case strings.HasPrefix(text, "\u212a"): // the sign of the kelvin
		return 'k'
	case strings.HasPrefix(text, "\u0131"), strings.HasPrefix(text, "\u0130"): // without and with a dot
		return 'i'
	}
	return 0
}

// letters maps letters to lower case and digits to themselves, and everything else to
// 0.
var letters = func() (table [256]byte) {
	for c := range table {
		switch c := byte(c); {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			table[c] = c
		case 'A' <= c && c <= 'Z':
			table[c] = c | 0x20
		}
	}
	return table
}()
