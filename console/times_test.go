package console

import (
	"testing"
	"time"
)

func TestATimeMayBeHowLongFromNow(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 5, time.FixedZone("", 3600))
	for written, want := range map[string]string{
		"2h": "2026-11-30T04:00:00Z", " 90m ": "2026-11-30T03:30:00Z", "7d": "2026-12-07T02:00:00Z", "1h30m": "2026-11-30T03:30:00Z",
		"": "", "2026-12-01": "2026-12-01", "2026-12-01T18:00:00Z": "2026-12-01T18:00:00Z",
		"tomorrow": "tomorrow", "-2h": "-2h", "0d": "0d", "d": "d", "1.5d": "1.5d", "999999999999d": "999999999999d", "2": "2",
	} {
		if got := timeOf(written, now); got != want {
			t.Errorf("%q is %q and not %q", written, got, want)
		}
	}
}
