package prefixlist

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// setting is a line of a group of Kannel's configuration.
type setting struct {
	Place
	name, value string
}

// kannelGroup is a group of Kannel's configuration: lines without an empty one between
// them.
type kannelGroup []setting

func (g kannelGroup) get(name string) (setting, bool) {
	for _, s := range g {
		if s.name == name {
			return s, true
		}
	}
	return setting{}, false
}

// kannelRegexes mix with prefixes by another rule: a denied one counts before an allowed
// prefix, and what neither list has is refused.
var kannelRegexes = []string{"allowed-prefix-regex", "denied-prefix-regex"}

// readKannel reads the allowed-prefix and denied-prefix of one smsc group. Any entry
// counts, an allowed one before a denied one whatever the lengths; with both lists, a number
// that neither has is sent. So what is denied within allowed never had an effect, and of
// what is left the longest decides.
func readKannel(r *reader, files []File) (Others, error) {
	group, err := r.kannelGroup(files)
	if err != nil {
		return 0, err
	}
	for _, name := range kannelRegexes {
		if s, ok := group.get(name); ok {
			r.refuse(s.Place, "%s: no rule has the meaning of a regular expression: write its prefixes", name)
		}
	}
	allow, hasAllow := group.get("allowed-prefix")
	deny, hasDeny := group.get("denied-prefix")
	allowed := r.distinct(r.kannelEntries(allow, false))
	permitted := spelledAs(allowed)
	r.entries = allowed
	for _, e := range r.distinct(r.kannelEntries(deny, true)) {
		if by := permitted[e.as].longest(e.Digits); by != nil {
			r.note(e.Place, "+%s never denied anything: allowed-prefix has +%s, which counts whatever the lengths", e.Digits, by.Digits)
			continue
		}
		r.entries = append(r.entries, e)
	}
	switch {
	case hasAllow && !hasDeny:
		return Denied, nil
	case hasAllow:
		r.note(allow.Place, "allowed-prefix refused nothing by itself: beside denied-prefix, a number in neither list was sent")
	}
	return Unstated, nil
}

// kannelEntries reads a list: ";" is all that separates, and a space is part of an entry.
func (r *reader) kannelEntries(s setting, deny bool) (entries []spelled) {
	if s.value == "" || r.skips(s.Place) {
		return nil
	}
	for text := range strings.SplitSeq(s.value, ";") {
		if text == "" {
			continue // behind a last ";"
		}
		if digits, as, ok := r.number(s.Place, text); ok {
			entries = append(entries, spelled{Entry{Digits: digits, Deny: deny, Place: s.Place}, as})
		}
	}
	return entries
}

// kannelGroup finds the smsc group whose lists are meant.
func (r *reader) kannelGroup(files []File) (kannelGroup, error) {
	var found []kannelGroup
	var ids []string
	for i := range files {
		for _, g := range r.kannelGroups(&files[i]) {
			kind, _ := g.get("group")
			for _, name := range []string{"allowed-prefix", "denied-prefix"} {
				s, ok := g.get(name)
				if ok && kind.value != "smsc" {
					r.note(s.Place, "%s never had an effect in a group %q: an import of it would refuse what was sent", name, kind.value)
				}
			}
			for _, name := range []string{"white-list", "black-list", "white-list-regex", "black-list-regex"} {
				if s, ok := g.get(name); ok {
					r.note(s.Place, "%s is not imported: it names whole numbers, and is not in this file", name)
				}
			}
			id, _ := g.get("smsc-id")
			if kind.value == "smsc" && (r.Select == "" && g.hasList() || r.Select != "" && id.value == r.Select) {
				found, ids = append(found, g), append(ids, fmt.Sprintf("%q (%s)", id.value, g[0].Place))
			}
		}
	}
	switch {
	case len(found) == 1 && found[0].hasList():
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("%d smsc groups could be meant, %s: import one, named by its smsc-id with --select, "+
			"from a file in which it is once", len(found), strings.Join(ids, ", "))
	}
	return nil, errors.New("no such smsc group has an allowed-prefix or a denied-prefix")
}

// hasList reports whether a group has a list of prefixes or something that mixes with it.
func (g kannelGroup) hasList() bool {
	for _, s := range g {
		if s.name == "allowed-prefix" || s.name == "denied-prefix" || slices.Contains(kannelRegexes, s.name) {
			return true
		}
	}
	return false
}

// kannelGroups reads a configuration: "name = value" lines, an empty line behind each
// group, and "#" first in the lines of comments.
func (r *reader) kannelGroups(f *File) (groups []kannelGroup) {
	var current kannelGroup
	for _, l := range append(linesOf(f), line{Place: Place{f.Name, 0}}) {
		text := strings.TrimSpace(l.text)
		switch {
		case strings.HasPrefix(text, "#"):
			continue
		case text == "":
			if len(current) > 0 {
				groups = append(groups, current)
			}
			current = nil
			continue
		}
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			r.refuse(l.Place, "%q is not a line of a configuration of Kannel: it has no =", text)
			continue
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if name == "include" {
			r.note(l.Place, "include: the other file is not read")
		}
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		if _, repeated := current.get(name); repeated && strings.HasSuffix(name, "-prefix") {
			r.refuse(l.Place, "%s is already specified in this group: which of them counted is not known", name)
		}
		current = append(current, setting{l.Place, name, value})
	}
	return groups
}
