//go:build linux

package main

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
)

// account is who pays for the messages; otherAccount may not send any.
const (
	account      = "AC11111111111111111111111111111111"
	otherAccount = "AC33333333333333333333333333333333"
)

// request is one request as it goes over the wire, and the status that it must have.
type request struct {
	wire   []byte
	status int
}

// traffic says what is sent to a server.
type traffic struct {
	refused    int  // of a hundred requests
	byAccount  bool // what is refused has another account instead of another destination
	body       int  // bytes of the form, at least
	recipients int  // of one request; 0: a message to one
	http2      bool
}

// requestCount is how many different requests there are.
const requestCount = 4000

// requests are requests to send messages, each whole and ready to be written, in random
// order.
func (t traffic) requests() []request {
	list := make([]request, requestCount)
	for i := range list {
		sender, to, status := account, permitted(i), http.StatusCreated
		if i*100 < t.refused*requestCount {
			status = http.StatusBadRequest
			if t.byAccount {
				sender = otherAccount
			} else {
				to = refused(i)
			}
		}
		text := fmt.Sprintf("Your verification code is %06d. It expires in ten minutes. Do not share it with anyone.", rand.IntN(1_000_000))
		list[i] = request{t.message(sender, to, text), status}
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// areaCodes of the United States. Each has a hundred numbers that are set aside
// for fiction, 555-0100 to 555-0199.
var areaCodes = strings.Fields(`
	201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228
	301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323`)

// permitted is one of 4,000 destinations to which the account may send.
func permitted(i int) string {
	return fmt.Sprintf("+1%s5550%d", areaCodes[i%len(areaCodes)], 100+i/len(areaCodes)%100)
}

// refused is one of 1,000 destinations to which it may not: Ofcom has set these mobile
// numbers of the United Kingdom aside for drama.
func refused(i int) string { return fmt.Sprintf("+447700900%03d", i%1000) }

// message is a request to send a message, or a notification to many.
func (t traffic) message(account, to, text string) []byte {
	path, host := "/2010-04-01/Accounts/"+account+"/Messages.json", "api.twilio.com"
	form := "To=" + url.QueryEscape(to) + "&From=%2B12025550199&Body=" + url.QueryEscape(text)
	if t.recipients > 0 {
		path, host = "/v1/Services/IS11111111111111111111111111111111/Notifications", "notify.twilio.com"
		var bindings strings.Builder
		for range t.recipients {
			binding := `{"binding_type":"sms","address":"` + permitted(rand.IntN(requestCount)) + `"}`
			bindings.WriteString("ToBinding=" + url.QueryEscape(binding) + "&")
		}
		form = bindings.String() + "Body=" + url.QueryEscape(text)
	}
	form += strings.Repeat("x", max(0, t.body-len(form)))
	headers := []header{
		{"User-Agent", "twilio-bench/1.0"},
		{"Accept", "application/json"},
		{"Accept-Encoding", "gzip"},
		{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(account+":0123456789abcdef0123456789abcdef"))},
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Content-Length", fmt.Sprint(len(form))},
	}
	if t.http2 {
		return http2Request(host, path, headers, form)
	}
	wire := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\n", path, host)
	for _, h := range headers {
		wire = fmt.Appendf(wire, "%s: %s\r\n", h.Name, h.Value)
	}
	return append(append(wire, "\r\n"...), form...)
}
