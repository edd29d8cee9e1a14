package prefixlist

import "strings"

// readSMSTools reads a black list, a white list, or both. Any line of a list counts, and
// the black list before the white one, whatever the lengths of their prefixes: so what is
// white within black never had an effect, and of what is left the longest decides.
//
// The service cuts "+" and "00" from the number of a message, never from an entry.
func readSMSTools(r *reader, files []File) (Others, error) {
	others := Unstated
	var black, white []spelled
	for i := range files {
		if files[i].Whitelist {
			others = Denied
			white = append(white, r.smsToolsEntries(&files[i])...)
		} else {
			black = append(black, r.smsToolsEntries(&files[i])...)
		}
	}
	black, white = r.distinct(black), r.distinct(white)
	denied := spelledAs(black)
	r.entries = black
	for _, e := range white {
		if by := denied[e.as].longest(e.Digits); by != nil {
			r.note(e.Place, "+%s never allowed anything: the black list has +%s (%s), which counts whatever the lengths", e.Digits, by.Digits, by.Place)
			continue
		}
		r.entries = append(r.entries, e)
	}
	return others, nil
}

// smsToolsEntries reads the lines of one list: "#" begins a comment anywhere, and space
// around an entry does not count.
func (r *reader) smsToolsEntries(f *File) (entries []spelled) {
	for _, l := range linesOf(f) {
		text, comment, _ := strings.Cut(l.text, "#")
		text = strings.TrimSpace(text)
		if text == "" || r.skips(l.Place) {
			continue
		}
		switch short, isShort := strings.CutPrefix(text, "s"); {
		case isShort && isDigits(short) && f.Whitelist:
			r.note(l.Place, "%q is a short number, which every policy lets through", text)
			continue
		case isShort && isDigits(short):
			r.refuse(l.Place, "%q is a short number, for which there are no rules: leave it out with --skip %d", text, l.Line)
			continue
		case strings.HasPrefix(text, "+") || strings.HasPrefix(text, "00"):
			r.note(l.Place, `%q never matched: "+" and "00" are cut from the number, not from the list`, text)
			continue
		}
		if digits, as, ok := r.number(l.Place, text); ok {
			entries = append(entries, spelled{Entry{Digits: digits, Deny: !f.Whitelist, Name: strings.TrimSpace(comment), Place: l.Place}, as})
		}
	}
	return entries
}
