package command

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/policy"
)

// writeTerritories writes rows for an operator: one a line, and below them what there
// is to say of their flags and of the entries of Twilio's lists that they are in.
func writeTerritories(w io.Writer, rows []territoryRow) error {
	var page bytes.Buffer
	table := tabwriter.NewWriter(&page, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CODE\tNAME\tCONTINENT\tCALLING CODES\tTWILIO MESSAGING\tTWILIO VOICE\tLEADING DIGITS")
	for i := range rows {
		row := &rows[i]
		leading := strings.Join(row.LeadingDigits, " ")
		if row.Rest {
			leading = "the rest"
		}
		cells := []string{row.Code, row.Name, string(row.Continent), strings.Join(row.CallingCodes, " "),
			row.cell(policy.Messaging), row.cell(policy.Voice), leading}
		for i, cell := range cells {
			if cell == "" {
				cells[i] = "-"
			}
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, paragraph := range [][]string{sources(rows), notes(rows)} {
		if len(paragraph) > 0 {
			fmt.Fprintf(&page, "\n%s\n", strings.Join(paragraph, "\n"))
		}
	}
	_, err := page.WriteTo(w)
	return err
}

// cell says which entries of Twilio's list for a channel hold a territory, with
// their territories where it is not the only one, and which flags it has there.
func (row *territoryRow) cell(channel policy.Channel) string {
	var words []string
	for _, entry := range row.Twilio.of(channel).Entries {
		word := entry.Code
		switch {
		case word == "":
			word = entry.Name
		case len(entry.Territories) > 1:
			word += ": " + strings.Join(entry.Territories, " ")
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		words = append(words, "not listed")
	}
	for _, flag := range row.Flags {
		switch flagged, _ := policy.ParseChannel(flag.Channel); {
		case flagged == channel:
			words = append(words, flag.Flag)
		case flagged.Base() == channel:
			words = append(words, flag.Flag+" "+flag.Channel)
		}
	}
	return strings.Join(words, ", ")
}

// sources says once of each flag that rows have where it is from.
func sources(rows []territoryRow) (lines []string) {
	for _, row := range rows {
		for _, flag := range row.Flags {
			line := flag.Flag + " " + flag.Channel + ": " + flag.Source
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// notes says where Twilio's lists are from, once of each entry of theirs how it
// differs from the rows, and of rows that are in none, why.
func notes(rows []territoryRow) (lines []string) {
	for _, channel := range geo.Channels {
		lines = append(lines, fmt.Sprintf("Twilio %s: %s", channel, geo.Source(channel)))
		absent := make(map[string][]string)
		var reasons []string
		for i := range rows {
			list := rows[i].Twilio.of(channel)
			for _, entry := range list.Entries {
				line := entry.remark(channel)
				if line != "" && !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
			if reason := list.NotListed; reason != "" {
				if absent[reason] == nil {
					reasons = append(reasons, reason)
				}
				absent[reason] = append(absent[reason], rows[i].Code)
			}
		}
		for _, reason := range reasons {
			lines = append(lines, fmt.Sprintf("Twilio %s, not listed %s: %s", channel, strings.Join(absent[reason], " "), reason))
		}
	}
	return lines
}

// remark is what there is to say of an entry, if anything.
func (e *twilioEntry) remark(channel policy.Channel) string {
	var remarks []string
	if e.Note != "" {
		remarks = append(remarks, e.Note)
	}
	if e.Unverified != "" {
		remarks = append(remarks, "unverified: "+e.Unverified)
	}
	if len(remarks) == 0 {
		return ""
	}
	code := e.Code
	if code == "" {
		code = "no code"
	}
	return fmt.Sprintf("Twilio %s, %s (%s): %s", channel, e.Name, code, strings.Join(remarks, "; "))
}
