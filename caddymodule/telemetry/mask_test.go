package telemetry

import (
	"strings"
	"testing"
)

func TestAMaskHidesWhatItIsMeantToHide(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_KEY", "a key")
	mask := func(m Mask) Masker {
		masker, err := m.Provision()
		if err != nil {
			t.Fatal(err)
		}
		return masker
	}
	last4, none, digest := mask(Mask{}), mask(Mask{Mode: "none"}), mask(Mask{Mode: "hmac", Secret: "{env.TOLLGATE_TEST_KEY}"})
	for _, c := range []struct {
		name, destination string
		masker            Masker
		want              string
	}{
		{"the last four of a number", "+12015550123", last4, "********0123"},
		{"nothing of a short one", "911", last4, "***"},
		{"nothing of one of which four would be half", "12345678", last4, "********"},
		{"four of one that is longer", "123456789", last4, "*****6789"},
		{"the end of a long text alone", strings.Repeat("1", 100) + "2345", last4, strings.Repeat("*", maxShown-4) + "2345"},
		{"no half of a letter", "client:alïçéx", last4, strings.Repeat("*", 12) + "?éx"},
		{"nothing where nothing is", "", last4, ""},
		{"all of it", "+12015550123", none, "+12015550123"},
		{"as much of a long text as fits", strings.Repeat("x", 100), none, strings.Repeat("x", maxShown)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.masker.text(c.destination); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("a digest is the same for the same number and key alone", func(t *testing.T) {
		t.Setenv("TOLLGATE_TEST_KEY", "another key")
		got, other := digest.text("+12015550123"), mask(Mask{Mode: "hmac", Secret: "{env.TOLLGATE_TEST_KEY}"}).text("+12015550123")
		if got != digest.text("+12015550123") || got == other || got == digest.text("+12015550124") || !strings.HasPrefix(got, "hmac:") || strings.Contains(got, "0123") {
			t.Errorf("%s, and with another key %s", got, other)
		}
	})
}

// The rule of one number would give away the destination that is masked beside it.
func TestARuleShowsItsPrefixAndNotTheDestination(t *testing.T) {
	for _, c := range []struct{ name, words, destination, want string }{
		{"a prefix", "account AC1 block +4470", "+447012345678", "account AC1 block +4470"},
		{"a whole number", "account AC1 allow +447012345678 safe", "+447012345678", "account AC1 allow *********5678 safe"},
		{"the number without its calling code", "allow +4470123456", "70123456", "allow *******3456"},
		{"no number", "account AC1 messaging", "+447012345678", "account AC1 messaging"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (Masker{}).Rule(c.words, c.destination); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
