//go:build linux

package main

import (
	"strings"
)

// Twilio's refusal of a message to a region that is not enabled.
const (
	refusalText = "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: "
	moreInfo    = "https://www.twilio.com/docs/errors/21408"
)

// refusalTo is the body of a refusal to send to a destination.
func refusalTo(destination string) string {
	return `{"code": 21408, "message": "` + refusalText + destination + `", "more_info": "` + moreInfo + `", "status": 400}`
}

// header is one line of a header.
type header struct{ Name, Value string }

// refusalHeaders are those of a refusal of Twilio's, as the gate writes them too; Date and
// Content-Length, which every server adds itself, are not among them.
func refusalHeaders() (headers []header) {
	text, err := testdata.ReadFile("testdata/servers/refusal_headers")
	if err != nil {
		panic(err) // it is part of the program
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		headers = append(headers, header{name, value})
	}
	return headers
}
