package sandbox

import (
	"path/filepath"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// The golden files are bodies byte for byte, without a newline at the end where Twilio
// has none.
func TestBodiesAreTwilios(t *testing.T) {
	message := []string{"To", "+14155552345", "From", "+14155550100", "Body", `Hello! 👍 <"é">`}
	service := []string{"To", "(415) 555-2345", "MessagingServiceSid", "MG33333333333333333333333333333333", "Body", "Hello"}
	call := []string{"To", "+14158675309", "From", "+442071838750", "Url", "https://demo.twilio.com/docs/voice.xml"}
	for _, golden := range []struct {
		file, path string
		parameters []string
		status     int
	}{
		{"message_created.json", base + "/Messages.json", message, 201},
		{"message_created.xml", base + "/Messages", message, 201},
		{"message_created.csv", base + "/Messages.csv", message, 201},
		{"message_created.html", base + "/Messages.html", message, 201},
		{"message_by_service.json", base + "/Messages.json", service, 201},
		{"call_created.json", base + "/Calls.json", call, 201},
		{"call_created.xml", base + "/Calls", call, 201},
		{"refused_message.json", base + "/Messages.json", []string{"To", "+15005550003", "From", "+15005550006", "Body", "x"}, 400},
		{"refused_message.xml", base + "/Messages.xml", []string{"To", "+15005550003", "From", "+15005550006", "Body", "x"}, 400},
		{"refused_call.json", base + "/Calls.json", []string{"To", "+15005550003", "From", "+15005550006", "Twiml", "<Response/>"}, 400},
		{"not_a_number.json", base + "/Messages.json", []string{"To", "Zoë <x> Smith", "From", "+15005550006", "Body", "x"}, 400},
		{"not_a_number.xml", base + "/Messages", []string{"To", "Zoë <x> Smith", "From", "+15005550006", "Body", "x"}, 400},
		{"account.json", base + ".json", nil, 200},
		{"account.xml", base, nil, 200},
		{"accounts.json", "/2010-04-01/Accounts.json", nil, 200},
	} {
		t.Run(golden.file, func(t *testing.T) {
			c := start(t, Options{})
			var got response
			if golden.parameters == nil {
				got = c.get(golden.path)
			} else {
				got = c.post(golden.path, golden.parameters...)
			}
			got.expect(t, golden.status)
			harness.Golden(t, filepath.Join("testdata", golden.file), got.body)
		})
	}
}

func TestListsAreTwilios(t *testing.T) {
	c := start(t, Options{})
	for _, to := range []string{"+14155550101", "+14155550102", "+14155550103"} {
		c.post(base+"/Messages.json", "To", to, "From", "+14155550100", "Body", "Hello")
	}
	for file, path := range map[string]string{
		"messages.json":       "/Messages.json?From=%2B14155550100&PageSize=2",
		"messages.xml":        "/Messages?From=%2B14155550100&PageSize=2",
		"messages.csv":        "/Messages.csv",
		"messages_empty.json": "/Messages.json?To=%2B14155550199",
		"messages_empty.xml":  "/Messages.xml?To=%2B14155550199",
	} {
		t.Run(file, func(t *testing.T) {
			got := c.get(base + path)
			got.expect(t, 200)
			harness.Golden(t, filepath.Join("testdata", file), got.body)
		})
	}
}
