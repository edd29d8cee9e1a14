//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// answer is what the carrier answers a request.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	trailer http.Header
	// early are the informational answers before it.
	early int
	// got is the status that the client got.
	got int
}

// make fills in what the kind of request does not say.
func (a *answer) make(r *request, random *rand.Rand) {
	a.status = http.StatusOK
	if r.method == http.MethodPost {
		a.status = http.StatusCreated
	}
	if a.body == nil {
		a.body = fmt.Appendf(nil, `{"sid": "SM%032x", "status": "queued", "body": "%s"}`,
			r.number, strings.Repeat("x", random.IntN(3000)))
	}
	a.header = http.Header{
		"Content-Type":      {"application/json"},
		"Twilio-Request-Id": {fmt.Sprintf("RQ%032x", r.number)},
		"X-Carrier":         {letters(r.number)},
		"X-Repeated":        {"one", "two " + letters(r.number)},
		"Set-Cookie":        {"a=1", "b=2"},
	}
	if r.behavior.change != nil {
		r.behavior.change(a)
	}
}

// framing are fields that are about one connection, or that every server adds.
var framing = []string{"Connection", "Content-Length", "Date", "Keep-Alive", "Server", "Trailer", "Transfer-Encoding", "Via"}

// differs says in what an answer is not the carrier's, and nothing if it is.
func (a *answer) differs(response *http.Response, body []byte, early int) string {
	if response.StatusCode != a.status {
		return fmt.Sprintf("status %d instead of %d", response.StatusCode, a.status)
	}
	if difference := fieldsDiffer(a.header, response.Header); difference != "" {
		return "header " + difference
	}
	if !bytes.Equal(body, a.body) {
		return fmt.Sprintf("%d bytes of body that are not the %d of the carrier", len(body), len(a.body))
	}
	if difference := fieldsDiffer(a.trailer, response.Trailer); difference != "" {
		return "trailer " + difference
	}
	if early != a.early {
		return fmt.Sprintf("%d informational answers instead of %d", early, a.early)
	}
	return ""
}

// fieldsDiffer compares all fields except those of framing, repeated ones in their order.
func fieldsDiffer(sent, received http.Header) string {
	for name, values := range sent {
		if !slices.Equal(values, received[name]) {
			return fmt.Sprintf("%s is %q instead of %q", name, received[name], values)
		}
	}
	for name := range received {
		if sent[name] == nil && !slices.Contains(framing, name) {
			return "has " + name + ", which the carrier did not send"
		}
	}
	return ""
}

// codeOf is the carrier's code in an error body that the gate wrote.
func codeOf(body []byte) int {
	var document struct{ Code int }
	if json.Unmarshal(body, &document) != nil {
		return 0
	}
	return document.Code
}

// judge says which outcome an answer is.
func (r *request) judge(response *http.Response, body []byte, early int) (outcome, string) {
	if response.Header.Get("X-Carrier") != "" {
		if difference := r.answer.differs(response, body, early); difference != "" {
			return wrong, difference
		}
		return whole, ""
	}
	code := codeOf(body)
	switch {
	case response.StatusCode == r.kind.status && code == r.kind.code,
		r.manner.isLate && response.StatusCode == http.StatusRequestTimeout && code == 20001:
		return refused, ""
	case response.StatusCode == http.StatusBadGateway && code == 20503:
		return unreachable, ""
	case response.StatusCode == http.StatusBadGateway && code == 20500,
		response.StatusCode == http.StatusGatewayTimeout && code == 20500:
		return failed, ""
	}
	return wrong, fmt.Sprintf("answered %d: %.200s", response.StatusCode, body)
}
