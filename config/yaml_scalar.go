package config

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// plainText is what needs no quotes: words that begin with a letter.
var plainText = regexp.MustCompile(`^\p{L}[\p{L}\p{N}_./()-]*( [\p{L}\p{N}_./()-]+)*$`)

// otherThings are words that some version of YAML takes for something else.
var otherThings = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// text writes a text, in quotes if any reader of YAML could take it for
// something else without.
func (w *writer) text(text string) string {
	if !utf8.ValidString(text) {
		w.err = errors.New("a text is not UTF-8: " + strconv.Quote(text))
	}
	if plainText.MatchString(text) && !slices.Contains(otherThings, strings.ToLower(text)) {
		return text
	}
	// Go escapes what cannot be printed, in ways that YAML knows too.
	return strconv.Quote(text)
}
