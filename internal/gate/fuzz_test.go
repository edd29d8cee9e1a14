package gate_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/policy"
)

// FuzzJudge puts a denied destination among whatever else a form and a query
// may hold: it is denied, or the request is refused, and never anything else.
func FuzzJudge(f *testing.F) {
	f.Add("Body=Hello", "From=%2B12015550199", "", uint8(0))
	f.Add("To=%2B12015550123", "", "To=%2B12015550123", uint8(1))
	f.Add("Body=100%", "a;b=c", "_method", uint8(2))
	f.Add("\xff\xfe", "%zz=1&&&", "%", uint8(3))
	spellings := []string{
		"To=%2B998912345678",
		"to=998912345678",
		"%54o=%2B998%2091%20234%2056%2078",
		"TO=whatsapp:%2B998912345678",
		"To=00998912345678",
	}
	g := benchGate(f)
	f.Fuzz(func(t *testing.T, before, behind, query string, spelling uint8) {
		body := before + "&" + spellings[int(spelling)%len(spellings)] + "&" + behind
		target := "/2010-04-01/Accounts/" + benchAccount + "/Messages.json"
		if strings.Trim(query, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=&;%+_") == "" {
			target += "?" + query
		}
		r := httptest.NewRequest("POST", target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if d := g.Judge(r); d.Outcome != policy.Deny || d.Upstream(r) != "" {
			t.Errorf("%s %q: %s %s", target, body, d.Outcome, d.Reason)
		}
	})
}
