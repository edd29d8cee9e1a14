package credentials

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/refusal"
)

// longestFailure bounds what is read of an error's body, in bytes. Twilio's
// are a few hundred long.
const longestFailure = 64 << 10

// Status reads what the answer to a request says about the request's credential. Not every
// 401 is about the credential: 70004 says that Twilio knows the key and does not permit it
// this resource. And not every answer is Twilio's: a proxy in front of it may refuse a
// request before the credential is read, for a header that is too long or cannot be read.
// Such an answer does not let the request through.
func Status(a carrier.Answer) carrier.Status {
	switch {
	case a.Status == http.StatusTooManyRequests || a.Status >= http.StatusInternalServerError:
		return carrier.Inconclusive
	case a.Status < http.StatusMultipleChoices:
		return carrier.Accepted
	case a.Status == http.StatusNotFound || a.Status == http.StatusGone:
		// So an account may be hidden from whom it does not belong to.
		return carrier.Rejected
	case a.Status != http.StatusUnauthorized && a.Header.Get(requestIDHeader) != "":
		return carrier.Accepted
	}
	if code, ok := codeOf(&a); ok && code != refusal.UnauthorizedCode {
		return carrier.Accepted
	}
	return carrier.Rejected
}

// requestIDHeader names each of Twilio's answers.
const requestIDHeader = "Twilio-Request-Id"

// lowestCode is below all of Twilio's codes (https://www.twilio.com/docs/api/errors).
// Others write the status there.
const lowestCode = 10000

// codeOf reads the code of an error in JSON or XML.
func codeOf(a *carrier.Answer) (code int, ok bool) {
	body := a.Body
	if strings.EqualFold(a.Header.Get("Content-Encoding"), "gzip") {
		unpacked, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return 0, false
		}
		if body, err = io.ReadAll(io.LimitReader(unpacked, longestFailure)); err != nil {
			return 0, false
		}
	}
	var failure struct {
		Code int `json:"code" xml:"RestException>Code"`
	}
	var err error
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		err = xml.Unmarshal(body, &failure)
	} else {
		err = json.Unmarshal(body, &failure)
	}
	return failure.Code, err == nil && failure.Code >= lowestCode
}

// Reissue gives the header of an answer a new date, duration and identifiers. Twilio
// identifies an answer in Twilio-Request-Id, and on the hosts behind Amazon CloudFront in
// X-Amz-Cf-Id: 40 bytes in the alphabet of URLs, as in the examples of its documentation.
func Reissue(header http.Header, now time.Time) {
	if header.Get("Date") != "" {
		header.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	if header.Get(requestIDHeader) != "" {
		header.Set(requestIDHeader, refusal.RequestID())
	}
	if took := header.Get("Twilio-Request-Duration"); took != "" {
		// Thousandths of a second: the last one of them differs from call to call.
		header.Set("Twilio-Request-Duration", took[:len(took)-1]+strconv.Itoa(mathrand.IntN(10)))
	}
	if header.Get("X-Amz-Cf-Id") != "" {
		var random [40]byte
		_, _ = rand.Read(random[:]) // never fails
		header.Set("X-Amz-Cf-Id", base64.URLEncoding.EncodeToString(random[:]))
	}
}
