package console

import (
	"testing"
	"time"
)

func TestAFormIsTakenByEveryGateOfAStoreForADayOrTwo(t *testing.T) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	gate := func(key string, at time.Time) *tokenMaker {
		return &tokenMaker{func() []byte {
			if key == "" {
				return nil
			}
			return []byte(key)
		}, func() time.Time { return at }}
	}
	for _, test := range []struct {
		name     string
		made     *tokenMaker
		identity string
		checked  *tokenMaker
		taken    bool
	}{
		{"by the gate that made it", gate("store", noon), "alice", gate("store", noon), true},
		{"by a gate whose store was not read yet, with itself", gate("", noon), "alice", gate("", noon), true},
		{"by a gate that has read its store since", gate("", noon), "alice", gate("store", noon), true},
		{"by a gate with another store", gate("store", noon), "alice", gate("other", noon), false},
		{"of someone else", gate("store", noon), "bob", gate("store", noon), false},
		{"on the day after", gate("store", noon), "alice", gate("store", noon.Add(24*time.Hour)), true},
		{"two days after", gate("store", noon), "alice", gate("store", noon.Add(48*time.Hour)), false},
		{"by a gate whose clock is behind over midnight", gate("store", noon.Add(12*time.Hour)), "alice", gate("store", noon.Add(12*time.Hour-time.Second)), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if taken := test.checked.has("alice", test.made.of(test.identity)); taken != test.taken {
				t.Errorf("it is taken: %v", taken)
			}
		})
	}
	if gate("store", noon).has("alice", "") {
		t.Error("a form without a token is taken")
	}
}
