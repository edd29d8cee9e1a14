package review_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestARuleForAnEmergencyNumberIsWarnedOf(t *testing.T) {
	isEmergency := func(digits string) bool { return digits == "911" || digits == "112" || digits == "17" }
	for _, test := range []struct{ says, policy, want string }{
		{"a block that closes a part of India", `{"prefixes": [{"block": "+911", "channel": "voice", "reason": "x"}]}`,
			"operator block +911 voice is about numbers of IN India that begin with +911, and not about the emergency number 911: calls to that always pass and need no rule"},
		{"an allow of an account", `{"accounts": [{"id": "` + acme + `", "prefixes": [{"allow": "+911", "reason": "x"}]}]}`,
			"account " + acme + " allow +911 is about numbers of IN India that begin with +911, and not about the emergency number 911: calls to that always pass and need no rule"},
		{"one that covers nothing is a dead rule", `{"prefixes": [{"allow": "+112", "reason": "x"}]}`, ""},
		{"a longer prefix is meant", `{"prefixes": [{"block": "+9112", "reason": "x"}]}`, ""},
		{"two digits are a calling code", `{"prefixes": [{"block": "+17", "reason": "x"}]}`, ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			reviewed := review.Reviewed{Side: stated(t, "a", test.policy), IsEmergency: isEmergency}
			got := ""
			for _, remark := range reviewed.EmergencyRules() {
				got += remark.Text
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
