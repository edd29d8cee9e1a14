package openings_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestADocumentOfAnOpeningIsReadAsItWasWritten(t *testing.T) {
	r := rules(t, openings.Settings{})
	token := access.Author{Name: "token:b", Person: "bob"}
	for says, change := range map[string]func(*openings.Opening){
		"a country":         nil,
		"a class of one":    func(o *openings.Opening) { o.Class, o.Acknowledged = policy.HighRiskSpecial, true },
		"a prefix":          func(o *openings.Opening) { o.To = to(t, "+6221") },
		"messages anywhere": func(o *openings.Opening) { o.Channel, o.To, o.Acknowledged = policy.Messaging, to(t, "*"), true },
	} {
		o, _, err := r.Request(asked(t, change), access.Author{Name: "token:a", Person: "alice"}, now, twilio{})
		if err != nil {
			t.Fatalf("%s: %v", says, err)
		}
		all := []*openings.Opening{o}
		if o.Needed > 0 {
			approved, err := o.Approve(token, now)
			if err != nil {
				t.Fatalf("%s: %v", says, err)
			}
			all = append(all, approved)
		}
		ended, err := o.End(bob, now)
		if err != nil {
			t.Fatalf("%s: %v", says, err)
		}
		for _, o := range append(all, ended) {
			text, err := o.Document()
			if err != nil {
				t.Fatal(err)
			}
			again, err := openings.Parse(text)
			if err != nil || !reflect.DeepEqual(again, o) {
				t.Errorf("%s: wrote %s\nread %+v, %v", says, text, again, err)
			}
		}
	}
}

const kept = `{"id": "abcdefghij", "account": "acme", "channel": "voice", "to": "LV", "class": "low_risk", ` +
	`"from": "2026-12-02T12:00:00Z", "until": "2026-12-04T12:00:00Z", "reason": "Launch", ` +
	`"requested_by": "alice", "requested_at": "2026-12-01T12:00:00Z", "marks": ["high_risk"], "acknowledged_high_risk": true, ` +
	`"approvals_needed": 1, "approvals": [{"by": "bob", "at": "2026-12-01T13:00:00Z"}]}`

func TestADocumentOfAnOpeningWithAMistakeIsRefused(t *testing.T) {
	if o, err := openings.Parse([]byte(kept)); err != nil || o.StateAt(now.Add(2*day)) != openings.Open {
		t.Fatalf("%+v, %v", o, err)
	}
	for _, c := range []struct{ says, old, new, want string }{
		{"an unknown member", `"reason"`, `"why": "x", "reason"`, `unknown member "why"`},
		{"a member twice", `"reason"`, `"to": "US", "reason"`, "already specified"},
		{"something behind it", `}]}`, `}]} {}`, "there is more after the document"},
		{"no ID", `"id": "abcdefghij", `, ``, "id: must name"},
		{"no account", `"account": "acme", `, ``, "account: must be the ID"},
		{"no channel", `"channel": "voice", `, ``, "channel: must be one of"},
		{"a channel that is none", `"voice"`, `"sms"`, "channel: must be one of"},
		{"no destination", `"to": "LV", `, ``, "to: must be a territory"},
		{"a class that is none", `"low_risk"`, `"none"`, "class: must be low_risk"},
		{"no end", `"until": "2026-12-04T12:00:00Z", `, ``, "until: must be a time"},
		{"an end before its beginning", `2026-12-04`, `2026-12-01`, "until: must be after"},
		{"an end that is a date", `2026-12-04T12:00:00Z`, `2026-12-04`, "until: must be a time"},
		{"no reason", `"reason": "Launch", `, ``, "reason: is required"},
		{"no one who requested it", `"requested_by": "alice", `, ``, "requested_by: must name"},
		{"no time of the request", `, "requested_at": "2026-12-01T12:00:00Z"`, ``, "requested_at: must be a time"},
		{"a mark that is none", `["high_risk"]`, `["risky"]`, "marks[0]: must be"},
		{"a mark twice", `["high_risk"]`, `["wide", "wide"]`, "marks[1]: must be"},
		{"a mark that is not acknowledged", `"acknowledged_high_risk": true, `, ``, "acknowledged_high_risk: must be true"},
		{"fewer than no approvals", `"approvals_needed": 1`, `"approvals_needed": -1`, "approvals_needed: must be 0"},
		{"an approval of one's own", `"bob"`, `"alice"`, "approvals[0].by: no one approves what they requested"},
		{"an approval by a token of one's own", `"bob"`, `"token:a", "person": "Alice"`, "approvals[0].by: no one approves what they requested"},
		{"two approvals by one person", `[{"by": "bob"`, `[{"by": "bob", "at": "2026-12-01T13:00:00Z"}, {"by": "bob"`, "approvals[1].by: already approved"},
		{"an approval by no one", `"by": "bob", `, ``, "approvals[0].by: must name"},
		{"an approval without a time", `, "at": "2026-12-01T13:00:00Z"`, ``, "approvals[0].at: must be a time"},
		{"an end by hand by no one", `}]}`, `}], "ended_at": "2026-12-02T12:00:00Z"}`, "ended_by: stands with ended_at"},
		{"an end by hand at no time", `}]}`, `}], "ended_by": "bob"}`, "ended_by: stands with ended_at"},
	} {
		text := strings.Replace(kept, c.old, c.new, 1)
		if o, err := openings.Parse([]byte(text)); err == nil || o != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		}
	}
}

// FuzzParse looks for documents that cannot be written again, or that are read back as
// something else, and for openings that are open without the approvals they need.
func FuzzParse(f *testing.F) {
	f.Add([]byte(kept))
	f.Add([]byte(strings.Replace(kept, `"LV", "class": "low_risk"`, `"+371"`, 1)))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := openings.Parse(text)
		if err != nil {
			return
		}
		written, err := o.Document()
		if err != nil {
			t.Fatal(err)
		}
		again, err := openings.Parse(written)
		if err != nil || !reflect.DeepEqual(again, o) {
			t.Errorf("wrote %s\nread %+v, %v", written, again, err)
		}
		if o.StateAt(o.From) == openings.Open && len(o.Approvals) < o.Needed {
			t.Errorf("%s is open", text)
		}
		if state := o.StateAt(o.Until); state != openings.Ended && state != openings.Expired {
			t.Errorf("%s is %s at its end", text, state)
		}
	})
}
