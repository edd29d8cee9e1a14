package gate_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// mostDestinations is what the bulk operations take
// (https://www.twilio.com/docs/notify/api/notification-resource,
// https://www.twilio.com/docs/comms).
const mostDestinations = 10_000

// numbered writes a piece for each of as many numbers of the United States.
func numbered(count int, separator string, piece func(number string) string) string {
	pieces := make([]string, count)
	for i := range pieces {
		pieces[i] = piece(fmt.Sprintf("+1201555%04d", i%10_000))
	}
	return strings.Join(pieces, separator)
}

// A bound counts destinations, whatever else is beside each.
func TestABulkRequestMayNameTenThousandDestinations(t *testing.T) {
	members := strings.Repeat(`,"variable_1":"abc"`, 15)
	g := worstGate(t)
	for _, c := range []struct {
		name, host, path, contentType string
		body                          func(count int) string
	}{
		{"recipients with an address and a channel", "comms.twilio.com", "/v1/Messages", jsonType, func(count int) string {
			return `{"to":[` + numbered(count, ",", func(n string) string { return `{"address":"` + n + `","channel":"SMS"}` }) + `]}`
		}},
		{"recipients with much beside", "comms.twilio.com", "/v1/Messages", jsonType, func(count int) string {
			return `{"to":[` + numbered(count, ",", func(n string) string { return `{"address":"` + n + `","channel":"SMS"` + members + `}` }) + `]}`
		}},
		{"recipients by either channel", "comms.twilio.com", "/v1/Messages", jsonType, func(count int) string {
			return `{"to":[` + numbered(count, ",", func(n string) string { return `{"address":"` + n + `","channel":"PIGEON"}` }) + `]}`
		}},
		{"a list of addresses", "comms.twilio.com", "/v1/Messages", jsonType, func(count int) string {
			return `{"from":{"address":"+12015550199","channel":"SMS"},"addresses":[` + numbered(count, ",", func(n string) string { return `"` + n + `"` }) + `]}`
		}},
		{"messages of the preview", "preview.twilio.com", "/Messaging/v1/Messages", jsonType, func(count int) string {
			return `{"messages":[` + numbered(count, ",", func(n string) string { return `{"to":"` + n + `","contentVariables":{"1":"a"}}` }) + `]}`
		}},
		{"messages of the other preview", "preview.messaging.twilio.com", "/v1/Messages", jsonType, func(count int) string {
			return `{"messages":[` + numbered(count, ",", func(n string) string { return `{"to":"` + n + `","body":"Hello"}` }) + `],"from":"+12015550199"}`
		}},
		{"a broadcast", "preview.messaging.twilio.com", "/v1/Broadcasts", jsonType, func(count int) string {
			return `{"to":[` + numbered(count, ",", func(n string) string { return `"` + n + `"` }) + `]}`
		}},
		{"bindings, one a parameter", "notify.twilio.com", "/v1/Services/IS1/Notifications", formType, func(count int) string {
			return numbered(count, "&", func(n string) string {
				return "ToBinding=" + url.QueryEscape(`{"binding_type":"sms","address":"`+n+`"}`)
			})
		}},
		{"bindings in one list", "notify.twilio.com", "/v1/Services/IS1/Notifications", formType, func(count int) string {
			return "Body=Hello&ToBinding=" + url.QueryEscape("["+numbered(count, ",", func(n string) string { return `{"binding_type":"sms","address":"` + n + `"}` })+"]")
		}},
		{"bindings in a list of texts", "notify.twilio.com", "/v1/Services/IS1/Notifications", formType, func(count int) string {
			return "ToBinding=[" + strings.ReplaceAll(numbered(count, ",", func(n string) string { return `"{\"address\":\"` + n + `\"}"` }), "+", "%2B") + "]"
		}},
		{"orders of numbers", "numbers.twilio.com", "/v2/HostedNumber/Orders/Bulk", jsonType, func(count int) string {
			return `{"phone_numbers":[` + numbered(count, ",", func(n string) string { return `"` + n + `"` }) + `]}`
		}},
		{"orders of numbers in a form", "numbers.twilio.com", "/v2/HostedNumber/Orders/Bulk", formType, func(count int) string {
			return numbered(count, "&", func(n string) string { return "PhoneNumbers=" + url.QueryEscape(n) })
		}},
		{"a flow", "studio.twilio.com", "/v2/Flows", formType, func(count int) string {
			return "Definition=" + url.QueryEscape(`{"states":[`+numbered(count, ",", func(n string) string { return `{"to":"` + n + `"}` })+`]}`)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, count := range []int{mostDestinations, mostDestinations + 1} {
				r := newRequest(c.host, c.path, c.contentType, c.body(count))
				r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
				d := g.Judge(r)
				if count == mostDestinations && (d.Outcome != policy.Allow || d.Sends < mostDestinations) ||
					count > mostDestinations && d.Reason != carrier.BodyTooLarge {
					t.Errorf("%d destinations, %d bytes: %s %s, %d sends", count, r.ContentLength, d.Outcome, d.Reason, d.Sends)
				}
			}
		})
	}
}

// Where an operation is not for many, 64 are as many as a client needs, by one channel or
// by two.
func TestAnyOtherRequestMayNameSixtyFourDestinations(t *testing.T) {
	const most = 64
	g := worstGate(t)
	for _, c := range []struct{ name, host, path, parameter string }{
		{"messages", "api.twilio.com", "/2010-04-01/Accounts/" + benchAccount + "/Messages.json", "To"},
		{"executions of a flow, which may call or write", "studio.twilio.com", "/v2/Flows/FW1/Executions", "To"},
		{"an operation of no table", "api.twilio.com", anyPath, "PhoneNumber"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, count := range []int{most, most + 1} {
				r := newRequest(c.host, c.path, formType, numbered(count, "&", func(n string) string { return c.parameter + "=" + url.QueryEscape(n) }))
				r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
				d := g.Judge(r)
				if count == most && d.Outcome != policy.Allow || count > most && d.Reason != carrier.BodyTooLarge {
					t.Errorf("%d destinations: %s %s", count, d.Outcome, d.Reason)
				}
			}
		})
	}
}

// The work of reading is bounded by what there is to read, and not by the clock.
func TestARequestThatIsTooMuchWorkIsRefused(t *testing.T) {
	g := worstGate(t)
	for _, c := range []struct {
		name    string
		request *http.Request
	}{
		{"values of JSON", newRequest("comms.twilio.com", "/v1/Messages", jsonType, "["+strings.Repeat("1,", 700_000)+"1]")},
		{"members of JSON", newRequest("comms.twilio.com", "/v1/Messages", jsonType, "{"+strings.Repeat(`"a":1,`, 400_000)+`"a":1}`)},
		{"values of JSON in JSON", newRequest("comms.twilio.com", "/v1/Messages", jsonType, `"[`+strings.Repeat("1,", 700_000)+`1]"`)},
		{"texts in texts", newRequest("comms.twilio.com", "/v1/Messages", jsonType, "["+strings.Repeat(`"[\"[]\"]",`, 100_000)+"1]")},
		{"pairs of a form", newRequest("studio.twilio.com", "/v2/Flows", formType, strings.Repeat("a&", 300_000))},
		{"pairs between semicolons", newRequest("studio.twilio.com", "/v2/Flows", formType, strings.Repeat("a;", 300_000))},
		{"documents in parameters", newRequest("studio.twilio.com", "/v2/Flows", formType, strings.Repeat("Definition={}&", 50_000))},
		{"parts", newRequest("api.twilio.com", anyPath, multipartOfB,
			strings.Repeat("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 6_000)+"--b--\r\n")},
		{"lines in the headers of parts", newRequest("api.twilio.com", anyPath, multipartOfB,
			"--b\r\nContent-Disposition: form-data; name=a\r\n"+strings.Repeat("a:\r\n", 60_000)+"\r\n\r\n--b--\r\n")},
		{"elements of TwiML", newRequest("api.twilio.com", anyPath, formType, strings.Repeat("Twiml="+strings.Repeat("<a/>", 10_000)+"&", 5))},
		{"attributes of TwiML", newRequest("api.twilio.com", anyPath, formType, strings.Repeat("Twiml=<a "+strings.Repeat(`b="" `, 10_000)+"/>&", 7))},
		{"lists of numbers", newRequest("comms.twilio.com", "/v1/Messages", jsonType,
			`{"to":[`+strings.Repeat(`"`+strings.Repeat("12015550123;", 25)+`",`, 200)+`""]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := g.Judge(c.request); d.Reason != carrier.BodyTooLarge || d.Outcome != policy.Deny {
				t.Errorf("%s %s", d.Outcome, d.Reason)
			}
		})
	}
}

// A flow of many texts is as long in any script: it is the numbers in it that take effort.
func TestALongFlowInAnyScriptIsRead(t *testing.T) {
	for name, say := range map[string]string{
		"letters": strings.Repeat("Thank you for your call. ", 18), "characters": strings.Repeat("\u304a\u96fb\u8a71\u3042\u308a\u304c\u3068\u3046", 18), "escapes": strings.Repeat(`\u304a\u96fb\u8a71`, 24),
	} {
		t.Run(name, func(t *testing.T) {
			state := `{"type":"say-play","transitions":[{"event":"audioComplete","next":"b"}],"properties":{"say":"` + say + `","offset":{"x":1}}},`
			definition := `{"states":[` + strings.Repeat(state, 1<<20/len(state)) + `{"to":"+12015550123"}]}`
			r := newRequest("studio.twilio.com", "/v2/Flows", formType, "Status=draft&Definition="+url.QueryEscape(definition))
			r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
			if d := worstGate(t).Judge(r); d.Outcome != policy.Allow || d.Sends == 0 {
				t.Errorf("%d bytes: %s %s, %d sends", r.ContentLength, d.Outcome, d.Reason, d.Sends)
			}
		})
	}
}
