package sid_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/policy"
)

const digits = "0123456789abcdef0123456789abcdef"

func TestEverySpellingOfAnIdentifierIsTheSame(t *testing.T) {
	for kind, prefix := range map[policy.IdentifierKind]string{
		policy.AccountID: "AC", policy.KeyID: "SK", policy.ClientID: "OQ", policy.ServiceID: "MG",
	} {
		want := prefix + digits
		for _, spelling := range []string{want, strings.ToUpper(want), strings.ToLower(want), prefix + strings.ToUpper(digits)} {
			if id, ok := (sid.Identifiers{}).Canonical(kind, spelling); !ok || id != want {
				t.Errorf("%s is read as %q", spelling, id)
			}
		}
		for _, other := range []string{"", prefix, want[1:], want + "0", " " + want, want[:33] + "g", "X" + want[1:], "HX" + digits, want[:33] + "\u0660"} {
			if id, ok := (sid.Identifiers{}).Canonical(kind, other); ok {
				t.Errorf("%q is read as %q", other, id)
			}
		}
	}
}

func TestTheCanonicalSpellingCostsNoAllocation(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { (sid.Identifiers{}).Canonical(policy.AccountID, "AC"+digits) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestAnIdentifierWithAMistakeIsNotASender(t *testing.T) {
	for text, want := range map[string]bool{
		"MG" + digits:         false,
		"MG" + digits[1:]:     true,
		"mg" + digits + "0":   true,
		"AC" + digits:         true,
		"sk0123456789":        true,
		"MG012345678":         false, // may be an alphanumeric sender
		"MG" + digits + "xyz": false,
		"ACME":                false,
		"+14155550100":        false,
	} {
		if got := (sid.Identifiers{}).IsMistyped(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestAKeyIsAnIdentifierOfOne(t *testing.T) {
	made := make(map[string]bool)
	for range 100 {
		id, ok := (sid.Identifiers{}).NewKey("AC" + digits)
		if canonical, isKey := (sid.Identifiers{}).Canonical(policy.KeyID, id); !ok || !isKey || canonical != id || made[id] {
			t.Fatalf("made %q", id)
		}
		made[id] = true
	}
	if id, ok := (sid.Identifiers{}).NewKey("acme"); ok {
		t.Errorf("made %q for an account of no carrier's", id)
	}
}
