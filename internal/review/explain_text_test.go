package review_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const nightPolicy = `{
	"national": "strict",
	"prefixes": [
		{"block": "+99899394", "reason": "pumping, incident 4711", "until": "2026-12-01"},
		{"block": "+447", "channel": "voice", "reason": "no calls to mobiles"}
	],
	"accounts": [
		{"id": "` + acme + `", "label": "Acme", "keys": ["` + key + `"],
			"messaging": ["US", "CA", "GB", "UZ"], "voice": {"low_risk": ["*"], "high_risk_special": ["US"]}, "verify": {"messaging": ["US"]},
			"senders": {"+14155550100": {"messaging": ["US"]}}},
		{"id": "` + brazil + `", "label": "Acme Brazil", "parent": "` + acme + `", "monitor": true, "voice": {"low_risk": ["BR"]}}
	]
}`

func TestWriteExplanation(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", nightPolicy))
	for _, c := range []struct {
		says     string
		question gate.Question
	}{
		{"a territory that is not enabled", gate.Question{Account: acme, To: "+491512345678"}},
		{"a number as people write it, from a sender", gate.Question{Account: key, To: "+44 (0) 7400 123456", Senders: []string{"+1 415 555 0100"}}},
		{"a block", gate.Question{Account: acme, To: "+998993941234"}},
		{"a monitored child", gate.Question{Account: brazil, Channel: policy.Voice, To: "+19005550123"}},
		{"a number of one of two territories", gate.Question{Account: acme, Channel: policy.Voice, To: "+18005550123"}},
		{"a satellite phone", gate.Question{Account: acme, Channel: policy.Voice, To: "+881612345678"}},
		{"an international network without a name", gate.Question{Account: acme, Channel: policy.Voice, To: "+88211123456"}},
		{"an unassigned calling code", gate.Question{Account: acme, Channel: policy.Voice, To: "+2105551234"}},
		{"a number that can be read in two ways", gate.Question{Account: acme, To: "4915112345"}},
		{"a verification of a child", gate.Question{Account: brazil, Verification: true, To: "+447400123456"}},
		{"no account", gate.Question{To: "+14155550100"}},
		{"control characters of a terminal", gate.Question{Account: "AC\x1b[2J", To: "+1\x1b]0;owned\x07\n\u202e415\xff ALLOW", Senders: []string{"\u009b31m"}}},
		{"no destination", gate.Question{Account: acme}},
		{"a client", gate.Question{Account: acme, Channel: policy.Voice, To: "client:alice"}},
		{"a destination without end", gate.Question{Account: acme, To: strings.Repeat("4", 5000)}},
	} {
		t.Run(c.says, func(t *testing.T) {
			got := explained(t, g, &c.question)
			golden(t, "explain "+c.says, got)
			for _, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
				if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\ufffd' }) {
					t.Errorf("a terminal would act on %q", line)
				}
			}
			if n := strings.Count(got, "\n  > "); n != 1 {
				t.Errorf("%d steps are marked as deciding", n)
			}
		})
	}
}

// The time asked about counts, not the clock.
func TestExplanationAtAnotherTime(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", nightPolicy))
	q := gate.Question{Account: acme, To: "+998993941234", At: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	golden(t, "explain a block that has ended", explained(t, g, &q))
}

// A range of the policy takes precedence over the built-in list where it has as many
// leading digits of a number or more, and not where it has fewer.
func TestExplanationOfARangeOfThePolicy(t *testing.T) {
	g := gateOf(stated(t, "d7b3deee4e0a", `{
		"ranges": [{"prefix": "+881612", "territory": "+881", "class": "low_risk"}, {"prefix": "+882", "territory": "+882"}],
		"default": {"voice": {"low_risk": ["+881", "+882"]}}
	}`))
	for says, to := range map[string]string{
		"a range within the built-in list": "+881612345678",
		"a range around the built-in list": "+88213123456",
	} {
		golden(t, "explain "+says, explained(t, g, &gate.Question{Account: other, Channel: policy.Voice, To: to}))
	}
}

// explained is the text of an explanation, without the version of the metadata:
// a new one would change what every number is known by.
func explained(t *testing.T, g *gate.Gate, q *gate.Question) string {
	t.Helper()
	e := review.Explain(g, q)
	for i := range e.Numbers {
		source := &e.Numbers[i].Source
		*source = strings.ReplaceAll(*source, numbering.DefaultMetadata().Version, "X.Y.Z")
	}
	return text(t, func(w io.Writer) error { return review.WriteExplanation(w, e) })
}

type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestAWriterThatFailsIsReported(t *testing.T) {
	p := stated(t, "d7b3deee4e0a", nightPolicy)
	for name, err := range map[string]error{
		"explanation": review.WriteExplanation(brokenWriter{}, review.Explain(gateOf(p), &gate.Question{})),
		"report":      review.WriteReport(brokenWriter{}, new(review.Requirement).Check(always(gateOf(p)), night)),
		"difference":  review.WriteDifference(brokenWriter{}, review.Diff(p, p, night)),
	} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
