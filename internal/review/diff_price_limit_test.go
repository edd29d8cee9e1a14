package review_test

import (
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestAPriceLimitOpensUnlessItRefusesAllThatItDid(t *testing.T) {
	const both = `{"message": "0.15", "minute": "1.00"}`
	for _, test := range []struct {
		name, before, after string
		direction           review.Direction
		text                string
	}{
		{"one that is new", "", both, review.Closes, "price_limit 0.15/message 1.00/minute: what costs more is refused"},
		{"one that is gone", both, "", review.Opens, "price_limit 0.15/message 1.00/minute is gone"},
		{"a lower price", both, `{"message": "0.14", "minute": "1.00"}`, review.Closes, "price_limit 0.14/message 1.00/minute; before, price_limit 0.15/message 1.00/minute"},
		{"one lower and one higher", both, `{"message": "0.14", "minute": "1.01"}`, review.Opens, ""},
		{"one price less", both, `{"message": "0.15"}`, review.Opens, ""},
		{"one price more", `{"minute": "1.00"}`, both, review.Closes, ""},
		{"what has no price may pass", both, `{"message": "0.15", "minute": "1.00", "unpriced": "allow"}`, review.Opens, ""},
		{"what has no price no longer may", `{"message": "0.15", "unpriced": "allow"}`, `{"message": "0.15", "unpriced": "deny"}`, review.Closes, ""},
	} {
		limit := func(text string) string {
			if text == "" {
				return document("", "")
			}
			return document(`"price_limit": `+text+`,`, "")
		}
		d := review.Diff(stated(t, "a", limit(test.before)), stated(t, "b", limit(test.after)), night)
		if len(d.Changes) != 1 || d.Changes[0].Direction != test.direction || test.text != "" && d.Changes[0].Text != test.text {
			t.Errorf("%s: %+v", test.name, d.Changes)
		}
	}
	if d := review.Diff(stated(t, "a", document(`"price_limit": `+both+`,`, "")), stated(t, "b", document(`"price_limit": {"message": "0.150", "minute": "1"},`, "")), night); len(d.Changes) != 0 {
		t.Errorf("the same prices: %+v", d.Changes)
	}
}

func TestAPriceLimitOfAnAccountIsComparedForItAndItsSubaccounts(t *testing.T) {
	const low, high = `, "price_limit": {"message": "0.10"}`, `, "price_limit": {"message": "0.20"}`
	accounts := func(parent, child string) string {
		return document(`"price_limit": {"message": "0.15"},`, parent+`}, {"id": "`+brazil+`", "parent": "`+acme+`"`+child)
	}
	const ofAcme, ofChild = "account " + acme + " price_limit ", "account " + brazil + " price_limit "
	for _, test := range []struct {
		name, before, after string
		want                []string
	}{
		{"a subaccount's that is new", accounts("", ""), accounts("", low), []string{"closes " + brazil + ": " + ofChild + "0.10/message: what costs more is refused"}},
		{"a parent's that is gone", accounts(low, ""), accounts("", ""), []string{"opens " + acme + ": " + ofAcme + "0.10/message is gone", "opens " + brazil + ": " + ofAcme + "0.10/message is gone"}},
		{"a parent's that is higher, with a lower one below", accounts(low, low), accounts(high, low), []string{
			"opens " + acme + ": " + ofAcme + "0.20/message; before, " + ofAcme + "0.10/message",
		}},
		{"the same", accounts(low, high), accounts(low, high), nil},
	} {
		d := review.Diff(stated(t, "a", test.before), stated(t, "b", test.after), night)
		var got []string
		for _, c := range d.Changes {
			got = append(got, string(c.Direction)+" "+c.Account+": "+c.Text)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}
