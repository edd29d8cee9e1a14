package console

import (
	"fmt"
	"slices"
	"testing"
)

func TestASwitchIsTurnedOnceIfItIsNotAsItWas(t *testing.T) {
	const us, ca, mx = "messaging/low_risk/US", "messaging/low_risk/CA", "voice/high_risk_special/MX"
	for _, c := range []struct {
		says    string
		was, is []string
		turned  []string
	}{
		{"none", []string{us, ca}, []string{ca, us}, nil},
		{"opened", []string{us}, []string{us, ca}, []string{"open/" + ca}},
		{"closed", []string{us, mx}, []string{us}, []string{"close/" + mx}},
		{"both", []string{us}, []string{ca}, []string{"open/" + ca, "close/" + us}},
		{"named twice", []string{us, us}, []string{ca, ca}, []string{"open/" + ca, "close/" + us}},
	} {
		var got []string
		for _, e := range turned(c.was, c.is) {
			got = append(got, e.text())
		}
		if !slices.Equal(got, c.turned) {
			t.Errorf("%s: %v", c.says, got)
		}
	}
	many := func(prefix string) (names []string) {
		for i := range 200_000 {
			names = append(names, fmt.Sprint(prefix, i))
		}
		return names
	}
	if n := len(turned(many("a"), many("b"))); n != 400_000 { // one by one, it would be 10^11 comparisons
		t.Errorf("of many, %d are turned", n)
	}
}
