package prefixlist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// record is a row of a CSV file.
type record struct {
	Place
	cells []string
}

// records reads a CSV file in which "#" begins the lines of comments. A row needs so many
// cells.
func (r *reader) records(f *File, cells int) (rows []record) {
	in := csv.NewReader(bytes.NewReader(f.Text))
	in.Comment, in.FieldsPerRecord = '#', -1
	for {
		row, err := in.Read()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			at := Place{f.Name, 0}
			if mistake := new(csv.ParseError); errors.As(err, &mistake) {
				at.Line, err = mistake.Line, mistake.Err
			}
			r.refuse(at, "reading CSV: %v", err)
			return rows
		}
		number, _ := in.FieldPos(0)
		at := Place{f.Name, number}
		switch {
		case r.skips(at):
		case len(row) < cells:
			r.refuse(at, "a row needs %d cells, and this has %d", cells, len(row))
		default:
			rows = append(rows, record{at, row})
		}
	}
}

// cgratesFiles are the files of a tariff plan that say what is authorised, and how many
// cells their rows have at least.
var cgratesFiles = map[string]int{"Destinations.csv": 2, "DestinationRates.csv": 2, "RatingPlans.csv": 3, "RatingProfiles.csv": 5}

// everywhere is the destination that has every number.
const everywhere = "*any"

// readCGRateS reads the folder of a tariff plan. What the rating plan in force has a rate
// for is authorised, and nothing else; a later profile replaces an earlier one as a whole.
func readCGRateS(r *reader, files []File) (Others, error) {
	rows := make(map[string][]record)
	for i := range files {
		if cells, ok := cgratesFiles[path.Base(files[i].Name)]; ok {
			rows[path.Base(files[i].Name)] = r.records(&files[i], cells)
		}
	}
	for _, name := range slices.Sorted(mapKeys(cgratesFiles)) {
		if rows[name] == nil && len(r.mistakes) == 0 {
			return 0, fmt.Errorf("%s is missing, or has no rows: name the folder of the tariff plan", name)
		}
	}
	plan, err := r.ratingPlan(rows["RatingProfiles.csv"])
	if err != nil {
		return 0, err
	}
	rated, all := r.ratedDestinations(plan, rows)
	if all {
		r.note(Place{"rating plan " + plan, 0}, "it rates %s, which authorises every number", everywhere)
		return Allowed, nil
	}
	return Denied, r.ratedPrefixes(plan, rated, rows["Destinations.csv"])
}

// ratingPlan is the plan that a profile has in force.
func (r *reader) ratingPlan(profiles []record) (plan string, err error) {
	type profile struct {
		record
		from time.Time
	}
	found := make(map[string][]profile)
	for _, row := range profiles {
		from, err := parseDate(row.cells[3])
		if err != nil {
			r.refuse(row.Place, "%v", err)
			continue
		}
		name := strings.Join(row.cells[:3], ":")
		found[name] = append(found[name], profile{row, from})
	}
	names := slices.Sorted(mapKeys(found))
	name := r.Select
	switch {
	case name == "" && len(names) == 1:
		name = names[0]
	case found[name] == nil:
		return "", fmt.Errorf("name the rating profile with --select, as tenant:category:subject: %s", strings.Join(names, " or "))
	}
	var inForce *profile
	for i := range found[name] {
		switch p := &found[name][i]; {
		case p.from.After(r.At):
			r.note(p.Place, "rating plan %s begins on %s: import again on that day", p.cells[4], p.from.Format(time.DateOnly))
		case inForce != nil && p.from.Equal(inForce.from):
			r.refuse(p.Place, "begins at the same time as another profile of %s (%s): which one counts is not known", name, inForce.Place)
		case inForce == nil || p.from.After(inForce.from):
			inForce = p
		}
	}
	switch {
	case inForce == nil:
		return "", fmt.Errorf("rating profile %s has no plan in force on %s", name, r.At.Format(time.DateOnly))
	case len(inForce.cells) > 5 && inForce.cells[5] != "":
		r.refuse(inForce.Place, "falls back to the rates of %q, which no rule can have: import the two by hand", inForce.cells[5])
	}
	return inForce.cells[4], nil
}

// ratedDestinations are the names of what a plan has a rate for at any time, and whether
// that is every number.
func (r *reader) ratedDestinations(plan string, rows map[string][]record) (rated map[string]Place, all bool) {
	rates, sometimes := make(map[string]bool), make(map[string]record)
	for _, row := range rows["RatingPlans.csv"] {
		switch {
		case row.cells[0] != plan:
		case row.cells[2] == everywhere:
			rates[row.cells[1]] = true
		default:
			sometimes[row.cells[1]] = row
		}
	}
	for _, name := range slices.Sorted(mapKeys(sometimes)) {
		if row := sometimes[name]; !rates[name] {
			r.refuse(row.Place, "%s is rated at the times %q only: rules have no hours. If that is always, write %s", name, row.cells[2], everywhere)
		}
	}
	rated = make(map[string]Place)
	for _, row := range rows["DestinationRates.csv"] {
		if rates[row.cells[0]] {
			rated[row.cells[1]] = row.Place
			all = all || row.cells[1] == everywhere
		}
	}
	return rated, all
}

// ratedPrefixes collects the prefixes of the destinations that are rated.
func (r *reader) ratedPrefixes(plan string, rated map[string]Place, destinations []record) error {
	others := 0
	defined := make(map[string]bool)
	for _, row := range destinations {
		name := row.cells[0]
		if _, ok := rated[name]; !ok {
			others++
			continue
		}
		defined[name] = true
		if digits, as, ok := r.number(row.Place, row.cells[1]); ok {
			r.entries = append(r.entries, spelled{Entry{Digits: digits, Name: name, Place: row.Place}, as})
		}
	}
	for _, name := range slices.Sorted(mapKeys(rated)) {
		if !defined[name] {
			r.refuse(rated[name], "destination %q is in no line of Destinations.csv", name)
		}
	}
	if others > 0 {
		r.note(Place{"Destinations.csv", 0}, "%d prefixes are of destinations that %s has no rate for: they were unauthorised", others, plan)
	}
	return nil
}

// parseDate reads a date or a time as tariff plans and price lists write it; empty is long
// past.
func parseDate(text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("cannot read %q as a date: write 2026-12-01 or 2026-12-01T18:00:00Z", text)
}
