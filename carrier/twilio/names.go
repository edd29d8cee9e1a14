package twilio

// Names compare by their letters and digits alone, in any letter case, so that
// "PhoneNumber" is "phone_number". Readers that make objects of names write one
// path in many ways: "MessagingBinding.Address", "messaging_binding[address]", or a
// member of a member. A name that is a path is therefore also known by its last
// component; an index is none.

// contains tells whether a name is in the list, however it is spelled.
func contains(names []string, name string) bool {
	for _, n := range names {
		if sameLetters(n, name) {
			return true
		}
	}
	if !isPath(name) {
		return false
	}
	last := lastComponent(name)
	for _, n := range names {
		if sameLetters(lastComponent(n), last) {
			return true
		}
	}
	return false
}

// sameName tells whether a name of the table is the one that a request spells.
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

// lastComponent is what stands behind the last separator, but for an index.
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

// sameLetters compares names by their letters and digits; no name has none. Most
// differ in the first.
func sameLetters(a, b string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	if c, d := letters[a[0]], letters[b[0]]; c != d && c != 0 && d != 0 {
		return false
	}
	return haveSameLetters(a, b)
}

func haveSameLetters(a, b string) bool {
	i, j, some := 0, 0, false
	for {
		var c, d byte
		for ; i < len(a) && c == 0; i++ {
			c = letters[a[i]]
		}
		for ; j < len(b) && d == 0; j++ {
			d = letters[b[j]]
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

// letters holds each letter in lower case and each digit, and 0 for all else.
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
