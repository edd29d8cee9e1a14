package reload

import (
	"testing"
	"time"
)

func TestAPolicyIsInForceAsLongAsItsStoreMayBeAway(t *testing.T) {
	heard := time.Now()
	for _, c := range []struct {
		name      string
		denyAfter time.Duration
		now       time.Time
		want      bool
	}{
		{"without a limit", 0, heard.Add(time.Hour), true},
		{"at the limit", time.Minute, heard.Add(time.Minute), true},
		{"after the limit", time.Minute, heard.Add(time.Minute + 1), false},
		{"after the limit by the clock of the day alone", time.Minute, heard.Add(time.Hour).Round(0), false},
	} {
		now := heard
		s := &Stored{DenyAfter: c.denyAfter, Now: func() time.Time { return now }}
		s.answered()
		now = c.now
		if got := s.inForce(); got != c.want {
			t.Errorf("%s: it is in force: %v", c.name, got)
		}
	}
	never := &Stored{DenyAfter: time.Minute, Now: time.Now}
	if never.inForce() {
		t.Error("before the store has answered, it is in force")
	}
}
