package configtest

import "strings"

// words are texts that some spelling of a document could take for something
// else, or lose a part of.
var words = []string{
	"a reason", "ticket 812", "Überlingen", "日本語", "🦊", "yes", "NO", "on", "y", "null", "~", "true", "012", "0x1F", "1e3", "+870",
	"2026-12-01", "18:00", "*", "&a", "!b", "%c", "@d", "`e`", "|", ">", "?", "-", "- f", ": ", "g: h", "i:", " #j", "#", "[k]", "]", "},",
	`"`, `"quoted"`, `'single'`, `\`, `\n`, `\"`, `C:\new`, "$x", "<<", "=", "---", "...", "\t", "tab\there", "line\nbreak", "\n", "\n\n  deeper",
	" leading", "trailing ", "  two  spaces  ", "a, b", "a,  b", "\u00a0", "\u2028", "\u0301", "it's", "//", "/* */", "none", "from", "until", "except", "import x",
}

// text makes a name or a reason, which is never empty.
func (g generator) text() string {
	text := pick(g, words)
	for g.oneIn(2) {
		text += pick(g, []string{"", " ", ", "}) + pick(g, words)
	}
	if g.oneIn(20) {
		text = strings.Repeat(text+" ", 30) + "end"
	}
	return text
}
