package console

import (
	"fmt"
	"strings"
	"testing"
)

func TestDocumentsAreComparedMemberByMember(t *testing.T) {
	for _, c := range []struct{ says, before, after, want string }{
		{"a list has what comes and goes", `{"id":"a","messaging":["US","GB"]}`, `{"id":"a","messaging":["US","MX"]}`, "id: a | a; messaging: US -GB | US +MX"},
		{"another order is not a change", `{"messaging":["US","GB"]}`, `{"messaging":["GB","US"]}`, "messaging: US GB | GB US"},
		{"a value that is there one more time is", `{"m":["US"]}`, `{"m":["US","US"]}`, "m: US | US +US"},
		{"a member of a member", `{"voice":{"low_risk":["US"]}}`, `{"voice":{"low_risk":["US","CA"]}}`, "voice.low_risk: US | US +CA"},
		{"a new member", `{"id":"a"}`, `{"id":"a","suspended":true}`, "id: a | a; suspended:  | +true"},
		{"a list of objects", `{"p":[{"block":"+44","reason":"x"}]}`, `{"p":[{"block":"+44","reason":"y"}]}`, "p[0].block: +44 | +44; p[0].reason: -x | +y"},
		{"what opens nothing and is not stated differ", `{"messaging":[]}`, `{}`, "messaging: -none | ; :  | +none"},
		{"what was not there", ``, `{"n":12345678901234567890}`, "n:  | +12345678901234567890"},
		{"what is gone", `{"a":null}`, ``, "a: -null | "},
		{"what is not JSON", `{"a"`, ``, `: -{"a" | `},
	} {
		var got []string
		for _, m := range compareDocuments([]byte(c.before), []byte(c.after)) {
			got = append(got, fmt.Sprintf("%s: %s | %s", m.Path, marked(m.Before, "-"), marked(m.After, "+")))
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s:\n%s\n%s", c.says, got, c.want)
		}
	}
}

func marked(values []comparedValue, mark string) string {
	var texts []string
	for _, v := range values {
		if v.Changed {
			v.Text = mark + v.Text
		}
		texts = append(texts, v.Text)
	}
	return strings.Join(texts, " ")
}
