package caddymodule_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// What answers in TwiML dial counts for limits, so it opens incidents and reaches thresholds, too.
func TestWhatAnswersDialIsToldAsWhatRequestsSend(t *testing.T) {
	server, got := startHooks(t)
	s := startCountedHooks(t)
	s.load(t, "webhook "+server+" {\n secret {env.HOOK_SECRET}\n}\n"+
		"limit told_calls voice 3/1h per account\nlimit told_steps voice 2/1h per account notify at 50% 100%\n")
	for i, want := range []bool{true, true, true, false, false} {
		if _, dials := s.dials(t, nil); dials != want {
			t.Fatalf("answer %d: dialled %t", i, dials)
		}
	}
	harness.Await(t, "all is told", func() bool { return len(got.types()) >= 3 })
	if types := got.types(); !slices.Equal(types, []string{"threshold.reached", "threshold.reached", "incident.opened"}) {
		t.Fatalf("told is %q", types)
	}
	for i, want := range []string{"50% ", "100% ", " operator limit told_calls"} {
		data := got.notices[i].Data
		rule := data.Rule
		if data.Step != "" {
			rule = ""
		}
		if told := fmt.Sprint(data.Step, " ", rule); told != want || data.Account != acme {
			t.Errorf("told is %+v, want %q", data, want)
		}
	}
}
