//go:build linux

package main

import (
	"testing"
	"time"
)

func TestARunOfEverythingTakesLessThan25MinutesAndHasRoundsToSpare(t *testing.T) {
	o := defaults
	if total := buildTime + takeAll(everything(), o) + decideTime; total > 25*time.Minute {
		t.Errorf("it takes %s", total)
	}
	for _, c := range everything() {
		if n := c.rounds(o); n < fewestKept*3/2 {
			t.Errorf("%s has %d rounds, of which %d must count", c.key(), n, fewestKept)
		}
	}
}
