package gate_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/policy"
)

// In a write that no table has, whatever looks like a number is judged, and so is what is
// called like a destination.
func TestNumbersAreFoundInAWriteOfNoTable(t *testing.T) {
	const (
		denied  = "+37190001234"
		path    = anyPath
		product = "api.twilio.com"
		text    = "text/json"
		lines   = "application/x-ndjson"
		parts   = "--b\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n" + denied + "\r\n--b--\r\n"
	)
	inForm := func(name, value string) string { return url.QueryEscape(name) + "=" + url.QueryEscape(value) }
	type write struct{ name, path, contentType, body string }
	var writes []write
	for _, name := range []string{
		"PhoneNumber", "phone_number", "phoneNumbers", "Recipient", "recipients", "Destination", "Destinations", "Mobile",
		"Phone", "Number", "To", "to[]", "Recipient[0]", "Msisdn", "cell", "customer_phone", "MobileNo", "contactPhone1", "Participant[address]", "outbound.number",
	} {
		digits := strings.TrimPrefix(denied, "+")
		writes = append(writes,
			write{"without a plus in " + name, path, formType, inForm(name, digits)},
			write{"without a plus in the query in " + name, path + "?" + inForm(name, digits), formType, ""},
			write{"without a plus in a part " + name, path, multipartOfB, strings.Replace(strings.Replace(parts, "{}", name, 1), denied, digits, 1)},
			write{"without a plus in a member " + name, path, jsonType, `{"a":{"` + name + `":"` + digits + `"}}`},
			write{"as a number in a member " + name, path, text, `{"` + name + `":[` + digits + `]}`},
			write{"as a number with an exponent in a member " + name, path, jsonType, `{"` + name + `":3.7190001234e10}`},
			write{"in a line in a member " + name, path, lines, "{\"a\":1}\n\n{\"" + name + "\":\"" + digits + "\"}\n"},
			write{"in a document in a parameter, in " + name, path, formType, inForm("Settings", `{"`+name+`":"`+digits+`"}`)},
			write{"in a document behind a byte order mark, in " + name, path, formType, inForm("Settings", "\ufeff "+`{"`+name+`":"`+digits+`"}`)},
			write{"in a text of JSON behind a byte order mark, in " + name, path, jsonType, `{"settings":"\ufeff{\"` + name + `\":\"` + digits + `\"}"}`},
			write{"in a text of JSON in a member, in " + name, path, "application/vnd.x+json", `{"settings":"{\"` + name + `\":\"` + digits + `\"}"}`},
		)
	}
	for _, number := range []string{
		denied, "+371 90001234", "+371-90-00-12-34", "tel:" + denied, "whatsapp:" + denied, "call " + denied + " now", "\uff0b37190001234",
		"\u207a37190001234", "+\u200e37190001234", "+\u0663\u0667\u0661\u0669\u0660\u0660\u0660\u0661\u0662\u0663\u0664",
		"\uff0b\uff13\uff17\uff11\uff19\uff10\uff10\uff10\uff11\uff12\uff13\uff14", " 37190001234",
	} {
		writes = append(writes,
			write{"under any name: " + number, path, formType, inForm("Foo", number)},
			write{"as a name: " + number, path, formType, inForm(number, "on")},
			write{"in the query: " + number, path + "?" + inForm("Foo", number), formType, ""},
			write{"in a part: " + number, path, multipartOfB, strings.Replace(strings.Replace(parts, "{}", "foo", 1), denied, number, 1)},
			write{"in a file: " + number, path, multipartOfB, strings.Replace(strings.Replace(parts, `"{}"`, "foo; filename=x.csv", 1), denied, number+";name", 1)},
			write{"in JSON: " + number, path, jsonType, `{"foo":["` + number + `"]}`},
			write{"as a member: " + number, path, jsonType, `{"foo":{"` + number + `":true}}`},
			write{"as all there is: " + number, path, text, `"` + number + `"`},
			write{"in a body of JSON: " + number, path, jsonType, `{"body":"{\"foo\":\"` + number + `\"}"}`},
		)
	}
	writes = append(writes,
		write{"in the path", strings.Replace(path, "NewThing", denied, 1), formType, "a=1"},
		write{"in the path, encoded", strings.Replace(path, "NewThing", "%2B37190001234", 1), formType, "a=1"},
		write{"in a plus sign that is not encoded", path, formType, "Foo=" + denied},
		write{"behind an escape of JSON", path, formType, inForm("Foo", `{"a":"\u002b\u0033\u0037190001234"}`)},
		write{"in TwiML", path, formType, inForm("Twiml", "<Response><Dial>37190001234</Dial></Response>")},
		write{"in JSON without its type", path, formType, `{"to":"` + denied + `"}`},
		write{"in a text of JSON without its type", path, formType, `"` + denied + `"`},
		write{"in a list of JSON without a type", path, "", `["` + denied + `"]`},
	)
	g := worstGate(t)
	for _, w := range writes {
		t.Run(w.name, func(t *testing.T) {
			r := newRequest(product, w.path, w.contentType, w.body)
			r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
			if d := g.Judge(r); d.Outcome != policy.Deny || d.Reason != policy.TerritoryNotEnabled && d.Reason != policy.DestinationUnreadable && d.Reason != carrier.BodyUndecodable {
				t.Errorf("%s: %s %s", w.body, d.Outcome, d.Reason)
			}
		})
	}
}

func TestABodyOfNoTableThatCannotBeSearchedIsRefused(t *testing.T) {
	g := worstGate(t)
	for _, contentType := range []string{"text/plain", "application/octet-stream", "application/xml", "text/xml", "text/csv", "image/png", "application/json-seq", "x"} {
		t.Run(contentType, func(t *testing.T) {
			d := g.Judge(newRequest("api.twilio.com", anyPath, contentType, "Hello"))
			if d.Outcome != policy.Deny || d.Reason != carrier.ContentTypeDenied {
				t.Errorf("%s %s", d.Outcome, d.Reason)
			}
			if d := g.Judge(newRequest("api.twilio.com", anyPath, contentType, "")); d.Outcome != policy.Allow {
				t.Errorf("without a body: %s %s", d.Outcome, d.Reason)
			}
		})
	}
	encoded := newRequest("api.twilio.com", anyPath, jsonType, "{}")
	encoded.Header.Set("Content-Encoding", "gzip")
	if d := g.Judge(encoded); d.Reason != carrier.BodyEncoded {
		t.Errorf("encoded: %s %s", d.Outcome, d.Reason)
	}
}

// What is not a number, or one that is enabled, is let through.
func TestAWriteOfNoTableWithoutDeniedNumbersPasses(t *testing.T) {
	g := worstGate(t)
	for _, c := range []struct{ name, contentType, body string }{
		{"an enabled number", formType, "PhoneNumber=%2B12015550123&Foo=%2B12015550123"},
		{"a number of the account's country", jsonType, `{"phone":"(201) 555-0123"}`},
		{"identifiers", formType, "OrderId=37190001234&Sid=CA01234567890123456789012345678901&Count=37190001234"},
		{"times", jsonType, `{"at":"2026-11-29T13:00:00+00:00","until":1790000000000,"zone":"+0530"}`},
		{"what is about a phone", jsonType, `{"phone_id":37190001234,"mobile_app_version":37190001234,"phone_verified_at":37190001234,"cell_count":37190001234,"cancelled":37190001234}`},
		{"a phone that no plan lists", jsonType, `{"customer_phone":"00000000000","work_phone":"unknown","phone_home":"12"}`},
		{"lines", "application/jsonl", "{\"a\":1}\r\n{\"b\":[]}\n"},
		{"text", formType, "Body=Hello+there%2C+1+%2B+1+%3D+2&Note=%5Burgent%5D"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest("api.twilio.com", anyPath, c.contentType, c.body)
			r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
			if d := g.Judge(r); d.Outcome != policy.Allow {
				t.Errorf("%s %s to %s", d.Outcome, d.Reason, d.To)
			}
		})
	}
}

// The parameters of a flow may hold anything. What is called a phone is taken for a
// number without a plus sign too, if the plan lists it.
func TestPhonesInTheParametersOfAFlow(t *testing.T) {
	g := worstGate(t)
	for _, c := range []struct {
		parameters string
		denied     bool
	}{
		{`{"customer_phone":"37190001234"}`, true},
		{`{"customerPhone":37190001234}`, true},
		{`{"contact":{"mobile_number":"371 90001234"}}`, true},
		{`{"record":"{\"home-phone\":\"37190001234\"}"}`, true},
		{`{"msisdn2":"37190001234"}`, true},
		{`{"customer_phone":"12015550123"}`, false},
		{`{"customer_phone":"2015550123"}`, false},
		{`{"customer_phone":"77777777777777"}`, false},
		{`{"order":"37190001234","phone_id":"37190001234","excellent":"37190001234"}`, false},
	} {
		r := newRequest("studio.twilio.com", "/v2/Flows/FW1/Executions", formType, "To=%2B12015550123&Parameters="+url.QueryEscape(c.parameters))
		r.SetBasicAuth(benchAccount, "0123456789abcdef0123456789abcdef")
		if d := g.Judge(r); (d.Outcome == policy.Deny) != c.denied {
			t.Errorf("%s: %s %s to %s", c.parameters, d.Outcome, d.Reason, d.To)
		}
	}
}
