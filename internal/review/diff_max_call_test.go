package review_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestHowLongCallsLastOpensOrCloses(t *testing.T) {
	for _, c := range []struct {
		name, before, after, text string
		direction                 review.Direction
	}{
		{"from now on", "", `, "max_call": "15m"`, "max_call: calls end after 15m; before, after as long as the carrier lets them last", review.Closes},
		{"no more", `, "max_call": "15m"`, "", "max_call: calls end after as long as the carrier lets them last; before, after 15m", review.Opens},
		{"longer", `, "max_call": "15m"`, `, "max_call": "1h30m"`, "max_call: calls end after 1h30m; before, after 15m", review.Opens},
		{"shorter", `, "max_call": "1h"`, `, "max_call": "15m"`, "max_call: calls end after 15m; before, after 1h", review.Closes},
	} {
		d := review.Diff(stated(t, "a", document("", c.before)), stated(t, "b", document("", c.after)), night)
		if len(d.Changes) != 1 || d.Changes[0].Text != c.text || d.Changes[0].Direction != c.direction || d.Changes[0].What != review.MaxCall {
			t.Errorf("%s: %+v", c.name, d.Changes)
		}
	}
}
