package telemetry

import "testing"

func TestTheNumbersAroundOneAreNeverThatOne(t *testing.T) {
	for _, c := range []struct{ mode, number, want string }{
		{"", "12015550123", "+1201"},
		{maskLast4, "998912345678", "+99891"},
		{maskNone, "12015550123", "+12015550"},
		{maskHMAC, "12015550123", "+12015550"},
		{maskLast4, "1234567", ""},
		{maskNone, "1234567", "+1234"},
		{maskNone, "123456", ""},
		{maskLast4, "", ""},
		{maskNone, "", ""},
	} {
		if got := (Masker{mode: c.mode}).Around(c.number); got != c.want {
			t.Errorf("under %q, around %s it is %q, want %q", c.mode, c.number, got, c.want)
		}
	}
}
