package caddymodule_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// An operator's words are in denials that show the policy, and in no other answer.
func TestADenialIsInTheOperatorsWordsToo(t *testing.T) {
	const (
		twilios = "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +99890123XXXX"
		page    = "https://www.twilio.com/docs/errors/"
	)
	for _, c := range []struct {
		name, handler, request string
		code                   int
		message, moreInfo      string
	}{
		{"none, by default", "", post(messages(acme), messageTo("+998901234567")), 21408, twilios, page + "21408"},
		{"a text beside the carrier's", `message "Ask \"#sms\" about {http.tollgate.territory}."`, post(messages(acme), messageTo("+998901234567")), 21408,
			twilios + ` (Ask "#sms" about UZ.)`, page + "21408"},
		{"one in its place, and a page", "message replace \"Not permitted.\"\nmore_info https://wiki.example.com/?territory={http.tollgate.territory}", post(messages(acme), messageTo("+998901234567")), 21408,
			"Not permitted.", "https://wiki.example.com/?territory=UZ"},
		{"not for a request that cannot be read", `message replace "Not permitted."`, request("POST", messages(acme), messageTo(inUS), "Content-Encoding: gzip"), 20001,
			"Invalid request: the body has a Content-Encoding; send it as it is", page + "20001"},
		{"not for a suspended account", `message replace "Not permitted."`, post(messages(suspendedAccount), messageTo(inUS)), 20003, "Authenticate", page + "20003"},
	} {
		t.Run(c.name, func(t *testing.T) {
			policy := acmePolicy + "\n\t\taccount " + suspendedAccount + " {\n\t\t\tsuspended\n\t\t}"
			s := startGate(t, policy, "credential_check off\n"+c.handler)
			response, body := s.raw(t, c.request)
			var answer struct {
				Code     int
				Message  string
				MoreInfo string `json:"more_info"`
			}
			if err := json.NewDecoder(strings.NewReader(string(body))).Decode(&answer); err != nil {
				t.Fatalf("%d %v in %s", response.StatusCode, err, body)
			}
			if answer.Code != c.code || answer.Message != c.message || answer.MoreInfo != c.moreInfo {
				t.Errorf("answered %s", body)
			}
		})
	}
}

const suspendedAccount = "AC88888888888888888888888888888888"
