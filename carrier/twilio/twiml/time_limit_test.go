package twiml_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
)

func TestEachDialEndsAfterATime(t *testing.T) {
	for _, c := range []struct{ name, document, want string }{
		{"without a limit", `<Response><Dial>+1</Dial></Response>`, `<Response><Dial timeLimit="900">+1</Dial></Response>`},
		{"without content", `<Response><Dial/></Response>`, `<Response><Dial timeLimit="900"/></Response>`},
		{"with other attributes", "<Response><Dial\n callerId='+2' record=\"x>y\">+1</Dial></Response>", "<Response><Dial timeLimit=\"900\"\n callerId='+2' record=\"x>y\">+1</Dial></Response>"},
		{"a longer one", `<Response><Dial timeLimit = '901'>+1</Dial></Response>`, `<Response><Dial timeLimit = '900'>+1</Dial></Response>`},
		{"a shorter one", `<Response><Dial timeLimit="&#57;0">+1</Dial></Response>`, `<Response><Dial timeLimit="&#57;0">+1</Dial></Response>`},
		{"no number", `<Response><Dial timeLimit="&#57;x">+1</Dial></Response>`, `<Response><Dial timeLimit="900">+1</Dial></Response>`},
		{"nothing", `<Response><Dial timeLimit="">+1</Dial></Response>`, `<Response><Dial timeLimit="900">+1</Dial></Response>`},
		{"no time", `<Response><Dial timeLimit="0">+1</Dial></Response>`, `<Response><Dial timeLimit="900">+1</Dial></Response>`},
		{"spelled otherwise, which Twilio does not read", `<Response><Dial timelimit="60">+1</Dial></Response>`, `<Response><Dial timeLimit="900" timelimit="60">+1</Dial></Response>`},
		{"a longer one, spelled otherwise", `<Response><Dial TimeLimit="7200" x:timeLimit='901'>+1</Dial></Response>`, `<Response><Dial timeLimit="900" TimeLimit="900" x:timeLimit='900'>+1</Dial></Response>`},
		{"twice", `<Response><Dial timeLimit="60" timeLimit="7200">+1</Dial></Response>`, `<Response><Dial timeLimit="60" timeLimit="900">+1</Dial></Response>`},
		{"one in another", `<Response><Dial>+1<Dial timeLimit="60"/></Dial></Response>`, `<Response><Dial timeLimit="900">+1<Dial timeLimit="60"/></Dial></Response>`},
		{"in what is text", `<Response><!--<Dial>--><Say><![CDATA[<Dial>]]></Say></Response>`, `<Response><!--<Dial>--><Say><![CDATA[<Dial>]]></Say></Response>`},
		{"a verb that is spelled otherwise", `<Response><dial>+1</dial></Response>`, `<Response><dial timeLimit="900">+1</dial></Response>`},
		{"a verb of a namespace", `<r:Response xmlns:r="x"><r:Dial>+1</r:Dial></r:Response>`, `<r:Response xmlns:r="x"><r:Dial timeLimit="900">+1</r:Dial></r:Response>`},
		{"several, after what is not ASCII", `<Response><Say>ü</Say><Dial>+1</Dial><Dial timeLimit="7200"><Sip>x</Sip></Dial></Response>`, `<Response><Say>ü</Say><Dial timeLimit="900">+1</Dial><Dial timeLimit="900"><Sip>x</Sip></Dial></Response>`},
		{"none", `<Response><Say>Hello</Say></Response>`, `<Response><Say>Hello</Say></Response>`},
	} {
		limited, err := twiml.LimitDials([]byte(c.document), 15*time.Minute)
		if err != nil || string(limited) != c.want {
			t.Errorf("%s: %s %v", c.name, limited, err)
		}
	}
}

// Twilio reads no longer document than that.
func TestADocumentThatBecomesTooLongIsRefused(t *testing.T) {
	document := `<Response><Dial>+1</Dial></Response>`
	document += strings.Repeat(" ", 64<<10-len(document))
	if _, err := twiml.LimitDials([]byte(document), 15*time.Minute); !errors.Is(err, params.ErrTooMany) {
		t.Errorf("%v", err)
	}
}
