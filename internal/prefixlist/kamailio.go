package prefixlist

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kamailioTables are the tables of userblocklist with their columns, in order, by their
// names since version 5.5 and before
// (https://www.kamailio.org/docs/db-tables/kamailio-db-5.6.x.html, -5.4.x.html).
var kamailioTables = map[string][]string{
	"globalblocklist": {"id", "prefix", "allowlist", "description"},
	"userblocklist":   {"id", "username", "domain", "prefix", "allowlist"},
	"globalblacklist": {"id", "prefix", "whitelist", "description"},
	"userblacklist":   {"id", "username", "domain", "prefix", "whitelist"},
}

// kamailioRow is a row of one list.
type kamailioRow struct {
	Place
	prefix, description string
	allow               bool
}

// readKamailio reads a dump of a database with the rows of userblocklist. The longest
// prefix decides, and of rows with the same one the last that was read. The empty prefix is
// for all numbers that no other row has.
func readKamailio(r *reader, files []File) (Others, error) {
	lists := make(map[string][]kamailioRow)
	for i := range files {
		for _, row := range sqlRows(sqlTokens(string(files[i].Text))) {
			at := Place{files[i].Name, row.line}
			if columns, known := kamailioTables[row.table]; known && !r.skips(at) {
				r.kamailioRow(at, row, columns, lists)
			}
		}
	}
	names := slices.Sorted(mapKeys(lists))
	name := r.Select
	switch {
	case len(names) == 0 && len(r.mistakes) > 0:
		return 0, nil
	case len(names) == 0:
		return 0, errors.New("no INSERT of a row into globalblocklist or userblocklist: dump the table with its rows as INSERT statements")
	case name == "" && len(names) > 1:
		return 0, fmt.Errorf("the dump has several lists, each of which the routing script checks by itself: import one, with --select %s", strings.Join(names, " or "))
	case name == "":
		name = names[0]
	case lists[name] == nil:
		return 0, fmt.Errorf("the dump has no list %q: --select must be %s", name, strings.Join(names, " or "))
	}
	return r.kamailioEntries(lists[name]), nil
}

// kamailioRow files a row under its list: the table, and the user if there is one.
func (r *reader) kamailioRow(at Place, row sqlRow, columns []string, lists map[string][]kamailioRow) {
	if row.columns != nil {
		columns = row.columns
	}
	if len(row.values) != len(columns) {
		r.refuse(at, "%s is changed in a way that is not read: dump its rows as INSERT statements, one value a column", row.table)
		return
	}
	value := make(map[string]string)
	for i, column := range columns {
		value[column] = row.values[i]
	}
	allow, stated := value["allowlist"]
	if !stated {
		allow = value["whitelist"]
	}
	if _, ok := value["prefix"]; !ok || allow != "0" && allow != "1" {
		r.refuse(at, "a row of %s needs a prefix, and 0 or 1 in allowlist", row.table)
		return
	}
	list := row.table
	if user := value["username"]; user != "" {
		list += "/" + user
		if value["domain"] != "" {
			list += "@" + value["domain"]
		}
	}
	lists[list] = append(lists[list], kamailioRow{at, value["prefix"], value["description"], allow == "1"})
}

// kamailioEntries reads the rows of one list.
func (r *reader) kamailioEntries(rows []kamailioRow) Others {
	others := Unstated
	last := make(map[string]kamailioRow)
	for _, row := range rows {
		if earlier, repeated := last[row.prefix]; repeated {
			r.note(earlier.Place, "%q never matched: the last row of a prefix counts (%s)", earlier.prefix, row.Place)
		}
		last[row.prefix] = row
	}
	for _, row := range slices.SortedFunc(maps.Values(last), func(a, b kamailioRow) int { return strings.Compare(a.prefix, b.prefix) }) {
		switch {
		case row.prefix == "" && row.allow:
			r.note(row.Place, "the empty prefix allows what nothing denies: no rule is needed")
			continue
		case row.prefix == "":
			others = Denied
			continue
		case !isDigits(row.prefix):
			r.note(row.Place, "%q never matched: Kamailio leaves out a row with anything but digits", row.prefix)
			continue
		}
		if digits, as, ok := r.number(row.Place, row.prefix); ok {
			r.entries = append(r.entries, spelled{Entry{Digits: digits, Deny: !row.allow, Name: row.description, Place: row.Place}, as})
		}
	}
	return others
}
