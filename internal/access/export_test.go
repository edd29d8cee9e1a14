package access

// Matches reports whether a pattern stands for a name.
var Matches = matches

// ParseTokenText takes the text of a token apart.
var ParseTokenText = parseTokenText

// WithSecret returns the text of a token with another secret, and its right checksum.
func WithSecret(text, secret string) string {
	body := text[:len(tokenStart)+idLength+1] + secret
	return body + checksum(body)
}

// WithChecksum returns a text with the checksum that a token would have.
func WithChecksum(body string) string { return body + checksum(body) }
