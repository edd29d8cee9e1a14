package review_test

import (
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestWhatHasEndedIsNamed(t *testing.T) {
	end := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, document string
		at             time.Time
		want           []string
	}{
		{"a rule", `{"prefixes": [{"block": "+49", "reason": "a", "until": "2026-11-22"}]}`, end,
			[]string{`operator block +49 "a", 2026-11-22 00:00 UTC`}},
		{"a rule for one channel", `{"prefixes": [{"allow": "+49", "channel": "voice", "reason": "a", "until": "2026-11-22"}]}`, end,
			[]string{`operator allow +49 voice "a", 2026-11-22 00:00 UTC`}},
		{"a rule of an account", `{"accounts": [{"id": "` + acme + `", "prefixes": [{"block": "+49", "reason": "a", "until": "2026-11-22"}]}]}`, end,
			[]string{`account ` + acme + ` block +49 "a", 2026-11-22 00:00 UTC`}},
		{"a suspension", `{"accounts": [{"id": "` + acme + `", "suspended": {"reason": "ticket 815", "until": "2026-11-22"}}]}`, end,
			[]string{`account ` + acme + ` suspended "ticket 815", 2026-11-22 00:00 UTC`}},
		{"a suspension without a reason", `{"accounts": [{"id": "` + acme + `", "suspended": {"until": "2026-11-22"}}]}`, end,
			[]string{`account ` + acme + ` suspended, 2026-11-22 00:00 UTC`}},
		{"monitor", `{"accounts": [{"id": "` + acme + `", "monitor": {"reason": "a", "until": "2026-11-22"}}]}`, end,
			[]string{`account ` + acme + ` monitor "a", 2026-11-22 00:00 UTC`}},
		{"an opening", `{"accounts": [{"id": "` + acme + `", "openings": [{"territory": "ID", "channel": "voice", "reason": "launch", "until": "2026-11-22"}]}]}`, end,
			[]string{`account ` + acme + ` opening ID voice "launch", 2026-11-22 00:00 UTC`}},
		{"observe", `{"observe": {"reason": "the first week", "until": "2026-11-22"}}`, end,
			[]string{`operator observe "the first week", 2026-11-22 00:00 UTC`}},
		{"nothing a moment before", `{"observe": {"reason": "a", "until": "2026-11-22"}}`, end.Add(-1), nil},
		{"nothing without an end", `{"observe": true, "prefixes": [{"block": "+49", "reason": "a"}]}`, end, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := review.Ended(stated(t, "1", c.document).Snapshot, c.at); !slices.Equal(got, c.want) {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}
