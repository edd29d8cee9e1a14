package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/store"
)

// Form is in which form a list is answered.
type Form struct {
	Format string `query:"format" enum:"json,jsonl,csv" doc:"By default as Accept states it: application/json, application/jsonl or text/csv."`
	Accept string `header:"Accept"`
}

// mediaTypes are those of the forms.
var mediaTypes = []struct{ format, mediaType string }{
	{"json", "application/json"}, {"jsonl", "application/jsonl"}, {"csv", "text/csv"},
}

// tableAnswer is a list in one of the forms.
type tableAnswer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// table is a list as JSON, and as the rows of a CSV.
type table struct {
	columns []string
	rows    []any
	cells   func(i int) []string
}

// write answers with a list.
func (f *Form) write(t table) (*tableAnswer, error) {
	format := mediaTypes[0]
	for _, m := range mediaTypes {
		if f.Format == m.format || f.Format == "" && strings.Contains(f.Accept, m.mediaType) {
			format = m
			break
		}
	}
	var body bytes.Buffer
	var err error
	switch format.format {
	case "jsonl":
		encoder := json.NewEncoder(&body)
		for _, row := range t.rows {
			err = encoder.Encode(row)
		}
	case "csv":
		w := csv.NewWriter(&body)
		w.Write(t.columns) // an error stays, for the last one
		for i := range t.rows {
			w.Write(t.cells(i))
		}
		w.Flush()
		err = w.Error()
	default:
		err = json.NewEncoder(&body).Encode(map[string]any{"items": append([]any{}, t.rows...)})
	}
	if err != nil {
		return nil, fmt.Errorf("writing a list: %w", err)
	}
	return &tableAnswer{ContentType: format.mediaType, Body: body.Bytes()}, nil
}

// column is one of a CSV.
type column[T any] struct {
	name string
	cell func(row *T) string
}

// tableOf is a list of objects.
func tableOf[T any](columns []column[T], found []T) table {
	t := table{}
	for _, c := range columns {
		t.columns = append(t.columns, c.name)
	}
	for i := range found {
		t.rows = append(t.rows, &found[i])
	}
	t.cells = func(i int) (cells []string) {
		for _, c := range columns {
			cells = append(cells, safe(c.cell(&found[i])))
		}
		return cells
	}
	return t
}

// safe keeps a spreadsheet from taking a text for a formula: one that begins as such follows
// an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection). A number in E.164
// begins with a plus sign, and is none.
func safe(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return text
	}
	if text[0] == '+' && strings.Trim(text[1:], "0123456789*") == "" {
		return text
	}
	return "'" + text
}

var changeColumns = []column[audit.Record]{
	{"index", func(r *audit.Record) string { return fmt.Sprint(r.Index) }},
	{"revision", func(r *audit.Record) string { return fmt.Sprint(r.Revision) }},
	{"time", func(r *audit.Record) string { return r.Time.UTC().Format(time.RFC3339Nano) }},
	{"actor", func(r *audit.Record) string { return r.Actor.Name }},
	{"role", func(r *audit.Record) string { return r.Actor.Role }},
	{"address", func(r *audit.Record) string { return r.Actor.Address }},
	{"through", func(r *audit.Record) string { return r.Actor.Through }},
	{"action", func(r *audit.Record) string { return r.Action }},
	{"kind", func(r *audit.Record) string { return r.Kind }},
	{"object", func(r *audit.Record) string { return r.Object }},
	{"account", func(r *audit.Record) string { return r.Account }},
	{"reason", func(r *audit.Record) string { return r.Reason }},
	{"ticket", func(r *audit.Record) string { return r.Ticket }},
	{"before", func(r *audit.Record) string { return string(r.Before) }},
	{"after", func(r *audit.Record) string { return string(r.After) }},
}

var refusalColumns = []column[refusals.Refusal]{
	{"id", func(r *refusals.Refusal) string { return r.ID }},
	{"time", func(r *refusals.Refusal) string { return r.Time.UTC().Format(time.RFC3339Nano) }},
	{"account", func(r *refusals.Refusal) string { return r.Account }},
	{"credential", func(r *refusals.Refusal) string { return r.Credential }},
	{"key", func(r *refusals.Refusal) string { return r.Key }},
	{"sender", func(r *refusals.Refusal) string { return r.Sender }},
	{"channel", func(r *refusals.Refusal) string { return r.Channel }},
	{"destination", func(r *refusals.Refusal) string { return r.Destination }},
	{"territory", func(r *refusals.Refusal) string { return r.Territory }},
	{"class", func(r *refusals.Refusal) string { return r.Class }},
	{"prefix", func(r *refusals.Refusal) string { return r.Prefix }},
	{"reason", func(r *refusals.Refusal) string { return r.Reason }},
	{"rule", func(r *refusals.Refusal) string { return r.Rule }},
	{"outcome", func(r *refusals.Refusal) string { return r.Outcome }},
	{"revision", func(r *refusals.Refusal) string { return fmt.Sprint(r.Revision) }},
	{"request_id", func(r *refusals.Refusal) string { return r.RequestID }},
	{"answered", func(r *refusals.Refusal) string { return r.Answered }},
	{"client", func(r *refusals.Refusal) string { return r.Client }},
}

// reportOf is a list of counts, with the dimensions as members.
func reportOf(by []store.Dimension, found []store.Counted) table {
	t := table{}
	for _, dimension := range by {
		t.columns = append(t.columns, string(dimension))
	}
	t.columns = append(t.columns, "count")
	for _, c := range found {
		row := map[string]any{"count": c.Count}
		for i, dimension := range by {
			row[string(dimension)] = c.Values[i]
		}
		t.rows = append(t.rows, row)
	}
	t.cells = func(i int) (cells []string) {
		for _, value := range found[i].Values {
			cells = append(cells, safe(value))
		}
		return append(cells, fmt.Sprint(found[i].Count))
	}
	return t
}
