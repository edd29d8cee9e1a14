package operations

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// BenchmarkRoute finds the operation of requests: the most frequent, those that
// lie deepest in the table, and those that stand nowhere in it.
func BenchmarkRoute(b *testing.B) {
	for _, bench := range []struct {
		name, method, host, path string
		any                      bool
	}{
		{"message", "POST", "api.twilio.com", messagePath + ".json", false},
		{"call", "POST", "api.twilio.com", callPath + ".json", false},
		{"read", "GET", "api.twilio.com", messagePath + ".json", false},
		{"verification", "POST", "verify.twilio.com", verifyPath, false},
		{"reservation", "POST", "taskrouter.twilio.com", "/v1/Workspaces/WS1/Workers/WK1/Reservations/WR1", false},
		{"inert", "POST", "api.twilio.com", messagePath + "/SM1/Feedback.json", false},
		{"unlisted", "POST", "api.twilio.com", "/2010-04-01/Accounts/" + account + "/Unheard/Of.json", false},
		{"any product", "POST", "api.twilio.com", messagePath + ".json", true},
		{"region", "POST", "api.dublin.ie1.twilio.com", messagePath + ".json", false},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := &carrier.Request{Method: bench.method, Host: bench.host, Path: bench.path, AnyProduct: bench.any, HasBody: bench.method == "POST"}
			b.ReportAllocs()
			for b.Loop() {
				Route(r, "api")
			}
		})
	}
}

// BenchmarkRead finds the sends in a message with all that is usual in one.
func BenchmarkRead(b *testing.B) {
	r := request("api", messagePath+".json", formType)
	r.Header.Set("Authorization", "Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTpzZWNyZXQ=")
	op := Route(r, "api")
	body := []byte(form("To", toUZ, "From", "+12015550123", "Body", "Your table for four is ready.", "StatusCallback", "https://example.com/status"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Carrier.Read(r, op, body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadURLs looks for what URLs carry, in a call and in what is set for later:
// the settings of a number, and a long workflow.
func BenchmarkReadURLs(b *testing.B) {
	const hooks = "https://hooks.example.com/twilio"
	for _, bench := range []struct{ name, product, path, body string }{
		{"call", "api", callPath + ".json", form("To", toUZ, "From", "+12015550123", "Url", hooks+"/voice?order=1", "StatusCallback", hooks)},
		{"call to a twimlet", "api", callPath + ".json", form("To", toUZ, "From", "+12015550123", "Url", twimlet)},
		{"number", "api", "/2010-04-01/Accounts/" + account + "/IncomingPhoneNumbers/PN1.json", form(
			"FriendlyName", "Front desk", "VoiceUrl", hooks+"/voice", "VoiceMethod", "POST", "VoiceFallbackUrl", hooks+"/voice/again",
			"SmsUrl", hooks+"/sms", "SmsMethod", "POST", "SmsFallbackUrl", hooks+"/sms/again", "StatusCallback", hooks+"/status")},
		{"workflow", "taskrouter", "/v1/Workspaces/WS1/Workflows/WW1", form(
			"AssignmentCallbackUrl", hooks+"/assignment", "Configuration", `{"task_routing":{"filters":[`+strings.Repeat(`{"expression":"language=='en'"},`, 3000)+`{}]}}`)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := request(bench.product, bench.path, formType)
			r.Header.Set("Authorization", "Basic QUMxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTpzZWNyZXQ=")
			op := Route(r, "api")
			body := []byte(bench.body)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Carrier.Read(r, op, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
