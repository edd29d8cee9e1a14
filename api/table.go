package api

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

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

// mostAsJSON is how many rows an answer in JSON has at most, which is written once all are read.
// The other forms are written while they are read, and have up to mostRows.
const (
	mostAsJSON = 10_000
	mostRows   = 1_000_000
)

// tableAnswer is a list in one of the forms.
type tableAnswer struct {
	ContentType string `header:"Content-Type"`
	Body        func(huma.Context)
}

// table is a list: the columns of a CSV, and a function that calls yield with each row.
type table struct {
	columns []string
	each    func(yield func(row) error) error
}

// row is one of a list, as JSON and as the cells of a CSV.
type row struct {
	value any
	cells func() []string
}

// rowWriter writes rows in one of the forms. end writes what is behind the last one.
type rowWriter struct {
	write func(row) error
	end   func() error
}

// write answers with a list of at most so many rows.
func (f *Form) write(limit int, t table) (*tableAnswer, error) {
	format := mediaTypes[0]
	for _, m := range mediaTypes {
		if f.Format == m.format || f.Format == "" && strings.Contains(f.Accept, m.mediaType) {
			format = m
			break
		}
	}
	if format.format == "json" && limit > mostAsJSON {
		return nil, huma.Error422UnprocessableEntity(fmt.Sprintf("limit must be at most %d in JSON: ask for jsonl or csv", mostAsJSON))
	}
	return &tableAnswer{format.mediaType, func(ctx huma.Context) {
		// Nothing is sent before the first row, so that an error until then is answered as one.
		w := &lateWriter{ctx: ctx}
		rows := t.writer(format.format, w)
		err := t.each(rows.write)
		if err == nil {
			err = rows.end()
		}
		switch {
		case err == nil && w.sent:
		case err == nil:
			ctx.SetStatus(http.StatusOK) // without a row
		case !w.sent:
			writeProblem(ctx, err)
		default:
			panic(http.ErrAbortHandler) // what was sent must not be taken for all
		}
	}}, nil
}

// writer writes rows in one of the forms.
func (t *table) writer(format string, w io.Writer) rowWriter {
	switch format {
	case "jsonl":
		out := bufio.NewWriter(w)
		encoder := json.NewEncoder(out)
		return rowWriter{func(r row) error { return encoder.Encode(r.value) }, out.Flush}
	case "csv":
		out := csv.NewWriter(w)
		_ = out.Write(t.columns) // an error stays, for the next one
		return rowWriter{func(r row) error { return out.Write(r.cells()) }, func() error { out.Flush(); return out.Error() }}
	}
	items := []any{}
	return rowWriter{func(r row) error { items = append(items, r.value); return nil },
		func() error { return json.NewEncoder(w).Encode(map[string]any{"items": items}) }}
}

// lateWriter writes the body of an answer, whose header it sends before.
type lateWriter struct {
	ctx  huma.Context
	sent bool
}

// Write implements io.Writer.
func (w *lateWriter) Write(text []byte) (int, error) {
	if !w.sent {
		w.sent = true
		w.ctx.SetStatus(http.StatusOK)
	}
	return w.ctx.BodyWriter().Write(text)
}

// column is one of a CSV.
type column[T any] struct {
	name string
	cell func(row *T) string
}

// tableOf is a list of objects.
func tableOf[T any](columns []column[T], each func(yield func(*T) error) error) table {
	t := table{each: func(yield func(row) error) error {
		return each(func(object *T) error {
			return yield(row{object, func() (cells []string) {
				for _, c := range columns {
					cells = append(cells, safe(c.cell(object)))
				}
				return cells
			}})
		})
	}}
	for _, c := range columns {
		t.columns = append(t.columns, c.name)
	}
	return t
}

// safe keeps a spreadsheet from taking a text for a formula: one that begins as such follows
// an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection). A number in E.164
// begins with a plus sign, and is none.
func safe(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	if text == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return text
	}
	if first == '+' && strings.Trim(text[1:], "0123456789*") == "" {
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
	t := table{each: func(yield func(row) error) error {
		for _, c := range found {
			value := map[string]any{"count": c.Count}
			for i, dimension := range by {
				value[string(dimension)] = c.Values[i]
			}
			err := yield(row{value, func() (cells []string) {
				for _, text := range c.Values {
					cells = append(cells, safe(text))
				}
				return append(cells, fmt.Sprint(c.Count))
			}})
			if err != nil {
				return err
			}
		}
		return nil
	}}
	for _, dimension := range by {
		t.columns = append(t.columns, string(dimension))
	}
	t.columns = append(t.columns, "count")
	return t
}
