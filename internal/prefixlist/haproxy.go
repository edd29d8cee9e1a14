package prefixlist

import (
	"errors"
	"slices"
	"strings"
)

// readHAProxy reads a map that map_beg is asked. The longest key decides, whatever the
// order, and the first of equal keys. What a value means is the configuration's to say.
func readHAProxy(r *reader, files []File) (Others, error) {
	others := Unstated
	switch r.Default {
	case "allow":
	case "deny":
		others = Denied
	case "":
		return 0, errors.New("what becomes of a number that the map does not have is not in the file: say --default allow or --default deny, as the configuration has it")
	default:
		return 0, errors.New("--default must be allow or deny")
	}
	first := make(map[string]Place)
	for i := range files {
		for _, l := range linesOf(&files[i]) {
			r.haproxyLine(l, first)
		}
	}
	return others, nil
}

// haproxyLine reads a key and its value. "#" begins a comment only where it is the first
// character of the line; behind a key it is part of the value, as a last space is.
func (r *reader) haproxyLine(l line, first map[string]Place) {
	text := strings.TrimSuffix(l.text, "\r")
	if strings.HasPrefix(text, "#") || strings.Trim(text, " \t") == "" || r.skips(l.Place) {
		return
	}
	text = strings.TrimLeft(text, " \t")
	end := strings.IndexAny(text+" ", " \t")
	key, value := text[:end], strings.TrimLeft(text[end:], " \t")
	if at, repeated := first[key]; repeated {
		r.note(l.Place, "%q never matched: the first of equal keys counts (%s)", key, at)
		return
	}
	first[key] = l.Place
	if digits := strings.TrimPrefix(key, "+"); !isDigits(digits) {
		r.refuse(l.Place, "%q is not the beginning of a number as digits: no rule compares other texts", key)
		return
	}
	denies := slices.Contains(r.DenyValues, value)
	switch {
	case value == "":
		r.refuse(l.Place, "%q has no value: it is found and empty, which is not the default. Write what it means", key)
		return
	case !denies && !slices.Contains(r.AllowValues, value):
		r.refuse(l.Place, "the value %q is not known: say with --deny-value or --allow-value what it does", value)
		return
	}
	if digits, as, ok := r.number(l.Place, key); ok {
		r.entries = append(r.entries, spelled{Entry{Digits: digits, Deny: denies, Place: l.Place}, as})
	}
}
