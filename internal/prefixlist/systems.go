package prefixlist

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// System is a system whose prefix lists can be read.
type System struct {
	Name string
	// Version that it was seen to behave so in, and where its files are described.
	Version, Source string
	// Channel is what the system sends, "messaging" or "voice", or empty for either.
	Channel string
	// Flags are the options that count for it, as commands name them.
	Flags []string
	// international says that digits alone are whole numbers by the system's own rules.
	international bool
	read          func(r *reader, files []File) (Others, error)
}

// Systems are all of them.
var Systems = []System{
	{"kannel", "Kannel 1.4.5", "https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html", "messaging", []string{"international", "country", "select"}, false, readKannel},
	{"smstools", "SMS Server Tools 3.1.21", "http://smstools3.kekekasvi.com/index.php?p=blacklist", "messaging", []string{"whitelist", "country"}, true, readSMSTools},
	{"kamailio", "Kamailio 5.6.3, userblocklist", "https://www.kamailio.org/docs/modules/5.6.x/modules/userblocklist.html", "voice", []string{"international", "country", "select"}, false, readKamailio},
	{"haproxy", "HAProxy 2.6.12, map_beg", "https://docs.haproxy.org/2.6/configuration.html#7.3.1-map", "", []string{"international", "country", "default", "deny-value", "allow-value"}, false, readHAProxy},
	{"cgrates", "CGRateS 0.10.4", "https://cgrates.readthedocs.io/en/latest/tariff_plans.html", "", []string{"international", "country", "select"}, false, readCGRateS},
	{"csv", "a price list", "RFC 4180", "", []string{"above"}, true, readPrices},
}

// Named finds a system.
func Named(name string) (*System, bool) {
	i := slices.IndexFunc(Systems, func(s System) bool { return s.Name == name })
	if i < 0 {
		return nil, false
	}
	return &Systems[i], true
}

// Names are those of all systems.
func Names() (names []string) {
	for i := range Systems {
		names = append(names, Systems[i].Name)
	}
	return names
}

// maxEntries bounds a list: an import of more rules than any gate has is a mistake.
const maxEntries = 200_000

// Read reads the files of a system. A Refusal names every line whose meaning cannot be
// kept, or that cannot be understood without an option.
func (s *System) Read(files []File, o Options) (*List, error) {
	r := &reader{Options: o, asked: make(map[string]*question), skipped: make(map[string]bool)}
	r.International = r.International || s.international
	others, err := s.read(r, files)
	if err != nil {
		if refused := r.err(); refused != nil {
			err = errors.Join(err, refused)
		}
		return nil, err
	}
	entries := r.periods
	if entries == nil {
		entries = r.unite(others)
		r.noteIdle(entries, others)
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	if len(entries) > maxEntries {
		return nil, fmt.Errorf("the list has %d prefixes, of which there may be %d", len(entries), maxEntries)
	}
	return &List{Others: others, Entries: entries, Notes: r.notes}, nil
}

// noteIdle notes that entries allow what nothing denies.
func (r *reader) noteIdle(entries []Entry, others Others) {
	if others == Denied {
		return
	}
	denied := make(byDigits)
	for i := range entries {
		if entries[i].Deny {
			denied[entries[i].Digits] = &entries[i]
		}
	}
	var idle []string
	at := Place{}
	for i := range entries {
		if e := &entries[i]; !e.Deny && denied.longest(e.Digits) == nil {
			if len(idle) == 0 {
				at = e.Place
			}
			idle = append(idle, "+"+e.Digits)
		}
	}
	switch n := len(idle); {
	case n > 3:
		r.note(at, "no rule is needed for %s and %d more prefixes, which nothing in the list denies", strings.Join(idle[:3], ", "), n-3)
	case n > 0:
		r.note(at, "no rule is needed for %s, which nothing in the list denies", strings.Join(idle, ", "))
	}
}
