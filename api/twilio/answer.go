package twilio

import (
	"encoding/json"
	"fmt"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
)

// Answer is what a client is answered.
type Answer struct {
	Status int
	Body   []byte // JSON; empty for 204
	// FromCarrier leaves the request to the carrier: the gate has nothing for it.
	FromCarrier bool
}

// answer is an answer with a body.
func answer(status int, body any) Answer {
	text, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("api/twilio: writing an answer: %v", err)) // it has texts and numbers alone
	}
	return Answer{Status: status, Body: text}
}

// failure is an error in Twilio's shape (https://www.twilio.com/docs/usage/twilios-response).
type failure struct {
	Code     int    `json:"code"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info"`
	Status   int    `json:"status"`
}

// refuse answers with an error of Twilio's, whose placeholders have values.
func refuse(e apierrors.Error, values map[string]string) Answer {
	message := e.Fill(func(placeholder string) string { return values[placeholder] })
	return answer(e.Status, failure{e.Code, message, pageOf(&e), e.Status})
}

// invalid answers a request with a mistake in words of the gate's.
func invalid(format string, arguments ...any) Answer {
	return refuse(apierrors.InvalidBody, map[string]string{"Cause": fmt.Sprintf(format, arguments...)})
}
