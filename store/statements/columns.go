package statements

import (
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
)

// Columns are those of the table: texts, and then the time in nanoseconds since 1970 and the
// revision, which are integers of 64 bits.
var Columns = append(names(), "time", "revision")

// texts are the columns that are texts, the ID first.
var texts = []struct {
	name  string
	field func(r *refusals.Refusal) *string
}{
	{"id", func(r *refusals.Refusal) *string { return &r.ID }},
	{"account", func(r *refusals.Refusal) *string { return &r.Account }},
	{"credential", func(r *refusals.Refusal) *string { return &r.Credential }},
	{"key", func(r *refusals.Refusal) *string { return &r.Key }},
	{"sender", func(r *refusals.Refusal) *string { return &r.Sender }},
	{"channel", func(r *refusals.Refusal) *string { return &r.Channel }},
	{"destination", func(r *refusals.Refusal) *string { return &r.Destination }},
	{"territory", func(r *refusals.Refusal) *string { return &r.Territory }},
	{"class", func(r *refusals.Refusal) *string { return &r.Class }},
	{"prefix", func(r *refusals.Refusal) *string { return &r.Prefix }},
	{"reason", func(r *refusals.Refusal) *string { return &r.Reason }},
	{"rule", func(r *refusals.Refusal) *string { return &r.Rule }},
	{"outcome", func(r *refusals.Refusal) *string { return &r.Outcome }},
	{"request_id", func(r *refusals.Refusal) *string { return &r.RequestID }},
	{"answered", func(r *refusals.Refusal) *string { return &r.Answered }},
	{"client", func(r *refusals.Refusal) *string { return &r.Client }},
}

func names() []string {
	var found []string
	for _, text := range texts {
		found = append(found, text.name)
	}
	return found
}

// Texts is how many of the columns are texts. They are the first.
var Texts = len(texts)

// Text is what a column that is a text has of a refusal. PostgreSQL keeps no NUL, and only
// UTF-8 (https://www.postgresql.org/docs/15/datatype-character.html).
func Text(column int, r *refusals.Refusal) string {
	return strings.ReplaceAll(strings.ToValidUTF8(*texts[column].field(r), "\uFFFD"), "\x00", "\uFFFD")
}

// Scan reads a row of all columns by the method of a driver.
func Scan(scan func(...any) error) (r refusals.Refusal, err error) {
	targets := make([]any, 0, len(Columns))
	for _, text := range texts {
		targets = append(targets, text.field(&r))
	}
	var nanoseconds int64
	if err := scan(append(targets, &nanoseconds, &r.Revision)...); err != nil {
		return refusals.Refusal{}, fmt.Errorf("reading a refusal: %w", err)
	}
	r.Time = time.Unix(0, nanoseconds).UTC()
	return r, nil
}
