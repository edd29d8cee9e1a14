package webhook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestCallsThatTwiMLMakesEndAfterATime(t *testing.T) {
	placed := func(to string) *webhook.Request {
		return webhook.ReadRequest("https://hooks.example.com/voice", "", "application/x-www-form-urlencoded",
			[]byte("AccountSid="+acme+"&CallSid=CA1&CallStatus=in-progress&Direction=outbound-api&From=%2B12015550199&To="+to), "")
	}
	const dial, limited = "<Dial>" + inUS + "</Dial>", `<Dial timeLimit="900">` + inUS + "</Dial>"
	for _, c := range []struct {
		name     string
		request  *webhook.Request
		document string
		change   func(*policy.Definition)
		want     string // empty if it passes as it came
		limit    time.Duration
	}{
		{"a call", aCall(), before + dial + after, nil, before + limited + after, 15 * time.Minute},
		{"beside one that is denied", aCall(), before + "<Dial>" + inUZ + "</Dial>" + dial + after, nil, before + limited + after, 15 * time.Minute},
		{"one that is shorter", aCall(), before + `<Dial timeLimit="60">` + inUS + "</Dial>" + after, nil, "", 0},
		{"no call", aCall(), before + "<Say>x</Say>" + after, nil, "", 0},
		{"a call for help", aCall(), before + "<Dial>911</Dial>" + after, nil, "", 0},
		{"a call for help and another, if no one answers", aCall(), before + "<Dial>911</Dial>" + dial + after, nil, before + "<Dial>911</Dial>" + limited + after, 15 * time.Minute},
		{"a call for help in a noun, beside one that is denied", aCall(), before + "<Dial>" + inUZ + "</Dial>" + dial + "<Dial><Number>911</Number></Dial>" + after, nil, before + limited + "<Dial><Number>911</Number></Dial>" + after, 15 * time.Minute},
		{"a call within an element that only seems to call for help", aCall(), before + `<Say to="911">` + dial + "</Say>" + after, nil, before + `<Say to="911">` + limited + "</Say>" + after, 15 * time.Minute},
		{"a call to someone", placed("%2B12015550123"), before + dial + after, nil, before + limited + after, 15 * time.Minute},
		{"someone in a call for help", placed("911"), before + dial + after, nil, "", 0},
		{"under observe", aCall(), before + dial + after, func(d *policy.Definition) { d.Observe = policy.Switch{On: true} }, "", 0},
		{"that cannot say more", aCall(), before + dial + strings.Repeat(" ", webhook.MaxDocument-len(before+dial+after)) + after, nil, before + after, 0},
		{"text that is not TwiML", aMessage(inUS), "Call me", nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			definition := acmeIn(t, "US")
			definition.MaxCall = 15 * time.Minute
			if c.change != nil {
				c.change(&definition)
			}
			answer := anAnswer(c.document)
			if !strings.HasPrefix(c.document, "<") {
				answer.Header.Set("Content-Type", "text/plain")
			}
			result := newJudge(t, definition).Answer(c.request, answer)
			if string(result.Body) != c.want || result.Decision.TimeLimit != c.limit {
				t.Errorf("%q, limited to %s", result.Body, result.Decision.TimeLimit)
			}
		})
	}
}
