package sandbox

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

const (
	firstMessage = base + "/Messages/SM01010101010101010101010101010101.json"
	firstCall    = base + "/Calls/CA01010101010101010101010101010101.json"
)

func (c carrier) send(pairs ...string) response {
	c.test.Helper()
	got := c.post(base+"/Messages.json", append([]string{"To", "+14155550101", "Body", "Hello"}, pairs...)...)
	got.expect(c.test, 201)
	return got
}

func TestEveryWayToSendParametersIsRead(t *testing.T) {
	const parts = "--x\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n+14155550101\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"From\"\r\n\r\nAcme\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"File\"; filename=\"f\"\r\n\r\nf\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"Body\"\r\n\r\nHello\r\n--x--\r\n"
	encoded := encode("To", "+14155550101", "From", "Acme", "Body", "Hello")
	for _, way := range []struct {
		sentence, method, path, contentType, body string
		status                                    int
	}{
		{"a form", "POST", "/Messages.json", form, encoded, 201},
		{"a form with a charset", "POST", "/Messages.json", form + "; charset=utf-8", encoded, 201},
		{"a form by PUT", "PUT", "/Messages.json", form, encoded, 201},
		{"multipart", "POST", "/Messages.json", "multipart/form-data; boundary=x", parts, 201},
		{"the query", "POST", "/Messages.json?" + encoded, "", "", 201},
		{"names in another letter case", "POST", "/mESSAGES.Json", form, encoded, 201},
		{"JSON, which is not read", "POST", "/Messages.json", "application/json", `{"To":"+14155550101"}`, 400},
		{"a form without a content type, which is not read", "POST", "/Messages.json", "", encoded, 400},
		{"multipart without a boundary", "POST", "/Messages.json", "multipart/form-data", parts, 400},
	} {
		t.Run(way.sentence, func(t *testing.T) {
			got := start(t, Options{}).do(way.method, base+way.path, way.contentType, way.body)
			if way.status == 400 {
				got.expect(t, 400, `"code": 21604`)
			} else {
				got.expect(t, 201, `"to": "+14155550101"`, `"from": "Acme"`, `"body": "Hello"`)
			}
		})
	}
}

func TestDestinationsAreReadAsTwilioReadsThem(t *testing.T) {
	for _, read := range []struct{ resource, to, want string }{
		{"Messages", "(415) 555-0101", "+14155550101"},
		{"Messages", "1-415-555-0101", "+14155550101"},
		{"Messages", "+44 20 7183 8750", "+442071838750"},
		{"Messages", "442071838750", "+442071838750"},
		{"Messages", "WhatsApp:+44 20 7183 8750", "whatsapp:+442071838750"},
		{"Messages", "messenger:1234", "messenger:1234"},
		{"Calls", "gdygadba", "+43942322"},
		{"Calls", "client:ann?key=value", "client:ann?key=value"},
		{"Calls", "sip:ann@example.com", "sip:ann@example.com"},
		{"Calls", "ann@example.com", "ann@example.com"},
		{"Calls", "app:AP11111111111111111111111111111111", "app:AP11111111111111111111111111111111"},
	} {
		t.Run(read.resource+" "+read.to, func(t *testing.T) {
			got := start(t, Options{}).post(base+"/"+read.resource+".json",
				"To", read.to, "From", "+14155550100", "Body", "x", "Twiml", "<Response/>")
			got.expect(t, 201, `"to": "`+read.want+`"`)
		})
	}
}

func TestNumbersWithoutPlusAreOfTheSendersCountry(t *testing.T) {
	for _, read := range []struct{ resource, from, to, want string }{
		{"Messages", "+447400123456", "07400123456", "+447400123456"},
		{"Messages", "+447400123456", "7400 123456", "+447400123456"},
		{"Messages", "+447400123456", "447400123456", "+447400123456"},
		{"Messages", "+447400123456", "9012345678", "+449012345678"},
		{"Messages", "+639171234567", "9172345678", "+639172345678"},
		{"Messages", "whatsapp:+447400123456", "whatsapp:07400123456", "whatsapp:+447400123456"},
		{"Messages", "+14155550100", "4155550101", "+14155550101"},
		{"Calls", "+447400123456", "02079460123", "+442079460123"},
	} {
		t.Run(read.to+" from "+read.from, func(t *testing.T) {
			got := start(t, Options{}).post(base+"/"+read.resource+".json",
				"To", read.to, "From", read.from, "Body", "x", "Twiml", "<Response/>")
			got.expect(t, 201, `"to": "`+read.want+`"`)
		})
	}
}

func TestCallsForHelpArePlaced(t *testing.T) {
	for _, to := range []string{"911", "9-1-1", "+1911", "112", "+44112", "+44999", "000", "+61000", "110", "+49110", "+3315", "133", "191", "+661669", "111", "113", "988", "933", "211", "811"} {
		t.Run(to, func(t *testing.T) {
			got := start(t, Options{}).post(base+"/Calls.json", "To", to, "From", "+14155550100", "Twiml", "<Response/>")
			got.expect(t, 201, `"to": "`+strings.ReplaceAll(to, "-", "")+`"`)
		})
	}
	for _, to := range []string{"123", "+4415", "15", "+1911420", "91", "+49113"} {
		t.Run("not "+to, func(t *testing.T) {
			got := start(t, Options{}).post(base+"/Calls.json", "To", to, "From", "+14155550100", "Twiml", "<Response/>")
			got.expect(t, 400, `"code": 21217`)
		})
	}
}

func TestAMessageGetsOnWithTheClock(t *testing.T) {
	c := start(t, Options{})
	c.send("From", "Acme").expect(t, 201, `"status": "queued"`, `"date_sent": null`)
	c.clock.pass(time.Second)
	c.get(firstMessage).expect(t, 200, `"status": "sent"`, `"date_sent": "Thu, 24 Aug 2023 05:01:46 +0000"`)
	c.clock.pass(time.Minute)
	c.get(firstMessage).expect(t, 200, `"status": "delivered"`, `"date_sent": "Thu, 24 Aug 2023 05:01:46 +0000"`,
		`"date_updated": "Thu, 24 Aug 2023 05:01:48 +0000"`)
}

func TestAMessageThroughAServiceIsAcceptedAndHasNoSegmentsYet(t *testing.T) {
	c := start(t, Options{})
	c.send("MessagingServiceSid", "MG33333333333333333333333333333333").
		expect(t, 201, `"status": "accepted"`, `"num_segments": "0"`, `"from": null`)
	c.clock.pass(time.Minute)
	c.get(firstMessage).expect(t, 200, `"status": "delivered"`, `"num_segments": "1"`)
}

func TestAScheduledMessageWaitsAndCanBeCanceled(t *testing.T) {
	c := start(t, Options{})
	scheduled := []string{"MessagingServiceSid", "MG33333333333333333333333333333333", "ScheduleType", "fixed", "SendAt", "2023-08-24T06:00:00Z"}
	c.send(scheduled...).expect(t, 201, `"status": "scheduled"`)
	c.send(scheduled...)
	c.clock.pass(30 * time.Minute)
	c.get(firstMessage).expect(t, 200, `"status": "scheduled"`)
	c.post(firstMessage, "Status", "canceled").expect(t, 200, `"status": "canceled"`)
	c.clock.pass(time.Hour)
	c.get(firstMessage).expect(t, 200, `"status": "canceled"`, `"date_sent": null`)
	other := base + "/Messages/SM02020202020202020202020202020202.json"
	c.get(other).expect(t, 200, `"status": "delivered"`)
	c.post(other, "Status", "canceled").expect(t, 400, `"code": 20001`)
}

func TestAMessageWithMediaIsAnMM(t *testing.T) {
	c := start(t, Options{})
	c.send("From", "+14155550100", "MediaUrl", "https://example.com/1", "MediaUrl", "https://example.com/2").
		expect(t, 201, `"sid": "MM01010101010101010101010101010101"`, `"num_media": "2"`)
}

func TestAMessageIsRedactedByAnEmptyBodyAndDeleted(t *testing.T) {
	c := start(t, Options{})
	c.send("From", "Acme")
	c.post(firstMessage, "Body", "other").expect(t, 400, `"code": 20001`)
	c.get(firstMessage).expect(t, 200, `"body": "Hello"`)
	c.post(firstMessage, "Body", "").expect(t, 200, `"body": ""`)
	if got := c.do(http.MethodDelete, firstMessage, form, "a=b"); got.status != 204 || got.body != "" {
		t.Errorf("%d %s", got.status, got.body)
	}
	c.get(firstMessage).expect(t, 404)
}

func TestACallGetsOnWithTheClockAndCanBeEnded(t *testing.T) {
	place := func(t *testing.T) carrier {
		c := start(t, Options{})
		c.post(base+"/Calls.json", "To", "+14155550101", "From", "+14155550100", "Twiml", "<Response/>").
			expect(t, 201, `"status": "queued"`, `"duration": null`, `"to_formatted": "(415) 555-0101"`)
		return c
	}
	t.Run("by itself", func(t *testing.T) {
		c := place(t)
		for _, step := range []struct {
			after  time.Duration
			status string
		}{{time.Second, "ringing"}, {2 * time.Second, "in-progress"}, {time.Minute, "completed"}} {
			c.clock.pass(step.after)
			c.get(firstCall).expect(t, 200, `"status": "`+step.status+`"`)
		}
		c.get(firstCall).expect(t, 200, `"duration": "7"`, `"start_time": "Thu, 24 Aug 2023 05:01:48 +0000"`,
			`"end_time": "Thu, 24 Aug 2023 05:01:55 +0000"`)
		c.post(firstCall, "Twiml", "<Response/>").expect(t, 400, `"code": 21220`)
	})
	t.Run("canceled before it is answered", func(t *testing.T) {
		c := place(t)
		c.post(firstCall, "Status", "canceled").expect(t, 200, `"status": "canceled"`, `"start_time": null`)
	})
	t.Run("not canceled once it is answered", func(t *testing.T) {
		c := place(t)
		c.clock.pass(5 * time.Second)
		c.post(firstCall, "Status", "canceled").expect(t, 200, `"status": "in-progress"`)
		c.post(firstCall, "Status", "completed").expect(t, 200, `"status": "completed"`, `"duration": "2"`)
	})
	t.Run("redirected", func(t *testing.T) {
		c := place(t)
		c.post(firstCall, "Url", "https://example.com").expect(t, 200, `"status": "queued"`)
		c.post(firstCall, "Status", "paused").expect(t, 400, `"code": 20001`)
	})
}

// page is what a client reads of a list.
type page struct {
	Next     *string `json:"next_page_uri"`
	Previous *string `json:"previous_page_uri"`
	Start    int     `json:"start"`
	End      int     `json:"end"`
	Messages []struct {
		To string `json:"to"`
	} `json:"messages"`
}

func (c carrier) page(path string) (read page, numbers []string) {
	c.test.Helper()
	if err := json.Unmarshal([]byte(c.get(path).body), &read); err != nil {
		c.test.Fatal(err)
	}
	for _, message := range read.Messages {
		numbers = append(numbers, message.To[len(message.To)-1:])
	}
	return read, numbers
}

func TestPagesFollowEachOtherAlthoughMessagesComeInBetween(t *testing.T) {
	c := start(t, Options{})
	for _, last := range []string{"1", "2", "3", "4", "5"} {
		c.post(base+"/Messages.json", "To", "+1415555010"+last, "From", "Acme", "Body", "x")
	}
	one, numbers := c.page(base + "/Messages.json?PageSize=2")
	if want := []string{"5", "4"}; !reflect.DeepEqual(numbers, want) || one.Previous != nil {
		t.Fatalf("%v %v", numbers, one)
	}
	c.post(base+"/Messages.json", "To", "+14155550106", "From", "Acme", "Body", "x")
	two, numbers := c.page(*one.Next)
	if want := []string{"3", "2"}; !reflect.DeepEqual(numbers, want) || two.Start != 2 || two.End != 3 {
		t.Fatalf("%v %v", numbers, two)
	}
	three, numbers := c.page(*two.Next)
	if want := []string{"1"}; !reflect.DeepEqual(numbers, want) || three.Next != nil {
		t.Fatalf("%v %v", numbers, three)
	}
	if _, numbers = c.page(*two.Previous); !reflect.DeepEqual(numbers, []string{"5", "4"}) {
		t.Fatal(numbers)
	}
	if _, numbers = c.page(base + "/Messages.json?PageSize=2&Page=1"); !reflect.DeepEqual(numbers, []string{"4", "3"}) {
		t.Fatal(numbers)
	}
	c.get(base+"/Messages.json?Page=x").expect(t, 400, `"code": 20002`)
	c.get(base+"/Messages.json?Page=1000000&PageSize=x").expect(t, 200, `"messages": []`, `"page_size": 50`)
}

func TestListsAreFilteredByBothParties(t *testing.T) {
	c := start(t, Options{})
	c.send("From", "Acme")
	c.send("From", "Other")
	if _, numbers := c.page(base + "/Messages.json?To=%2B14155550101&From=Acme"); len(numbers) != 1 {
		t.Error(numbers)
	}
}

func TestAccountsAreReadByAccountsOnly(t *testing.T) {
	c := start(t, Options{})
	c.get(base+".json").expect(t, 200, `"auth_token": "`+fakeToken+`"`)
	for _, path := range []string{base + ".json", "/2010-04-01/Accounts.json"} {
		c.do(http.MethodGet, path, "", "", func(r *http.Request) { r.SetBasicAuth(testKey, "x") }).expect(t, 401, `"code": 20003`)
	}
}
