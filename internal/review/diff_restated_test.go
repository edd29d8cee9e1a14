package review_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

// Statements that open no territory as a whole can open numbers all the same. A
// difference that says nothing of them would let them pass a reviewer.
func TestADifferenceTellsWhatOpensNumbersAlone(t *testing.T) {
	const (
		parent = `{"id":"AC11111111111111111111111111111111","messaging":["US"],"prefixes":[{"allow":"+99890","reason":"x"}]`
		child  = `{"id":"AC33333333333333333333333333333333","parent":"AC11111111111111111111111111111111"`
		named  = `{"id":"AC11111111111111111111111111111111"}`
		trial  = `{"accounts":[{"id":"AC11111111111111111111111111111111","home":"DE","trial":["+4915112345678"],"voice":{"low_risk":[`
	)
	for _, test := range []struct{ name, before, after, want string }{
		{"a subaccount that inherits has the allow rules of its parent",
			`{"accounts":[` + parent + `},` + child + `,"messaging":["US"]}]}`, `{"accounts":[` + parent + `},` + child + `}]}`,
			"messaging: the set in force is its parent's; before, its own"},
		{"a sender may reach what a rule allows",
			`{"accounts":[` + parent + `,"senders":{"+14155550100":{"messaging":["US"]}}}]}`,
			`{"accounts":[` + parent + `,"senders":{"+14155550100":{"messaging":["US","UZ"]}}}]}`,
			"messaging from sender +14155550100: UZ Uzbekistan stated"},
		{"a sender without a set of its own may too",
			`{"accounts":[` + parent + `,"senders":{"+14155550100":{"messaging":["US"]}}}]}`, `{"accounts":[` + parent + `}]}`,
			"messaging from sender +14155550100: it has no set of its own any more"},
		{"under a default, rules that allow reach unnamed accounts",
			`{"prefixes":[{"allow":"+881","reason":"field team"}]}`, `{"prefixes":[{"allow":"+881","reason":"field team"}],"default":{"messaging":[]}}`,
			"messaging: the set in force is the default; before, no one's"},
		{"they reach an account without a set once it is named",
			`{"prefixes":[{"allow":"+881","reason":"field team"}]}`, `{"prefixes":[{"allow":"+881","reason":"field team"}],"accounts":[` + named + `]}`,
			"messaging: no set is in force, and rules that allow numbers reach it now"},
		{"and no longer when it is not",
			`{"prefixes":[{"allow":"+881","reason":"field team"}],"accounts":[` + named + `]}`, `{"prefixes":[{"allow":"+881","reason":"field team"}]}`,
			"messaging: no set is in force, and rules that allow numbers do not reach it any more"},
		{"a trial account may call verified numbers at home",
			trial + `]}}]}`, trial + `"DE"]}}]}`,
			"voice low_risk: DE Germany stated"},
		{"a range changes the class of numbers in it",
			`{"default":{"voice":{"low_risk":["DE"]}}}`, `{"default":{"voice":{"low_risk":["DE"]}},"ranges":[{"prefix":"+4930","territory":"DE","class":"low_risk"}]}`,
			"range +4930 is DE Germany, low_risk; before, what the numbering plan says"},
	} {
		t.Run(test.name, func(t *testing.T) {
			difference := review.Diff(stated(t, "before", test.before), stated(t, "after", test.after), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
			got := text(t, func(w io.Writer) error { return review.WriteDifference(w, difference) })
			if !strings.Contains(got, test.want) {
				t.Errorf("says\n%s\nwant %s", got, test.want)
			}
		})
	}
}
