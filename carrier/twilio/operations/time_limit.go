package operations

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/twiml"
)

// timeLimit says whether the requests of an operation say how long a call lasts.
type timeLimit uint8

const (
	// never is of operations without the parameter.
	never timeLimit = iota
	// always is of operations that begin a call.
	always
	// whereStated is of operations that change one: what they do not state stays as it was.
	whereStated
)

// timeLimitName is the parameter that says after how many seconds a call ends
// (https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource,
// https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant).
const timeLimitName = "TimeLimit"

// clientValidation is the header of a request whose client has signed its body
// (https://www.twilio.com/docs/iam/pkcv).
const clientValidation = "Twilio-Client-Validation"

// multipartType is the media type of forms in parts.
const multipartType = "multipart/form-data"

// LimitCalls is carrier.CallLimiter. What it writes is read once more, as the request was.
func LimitCalls(r *carrier.Request, op *carrier.Operation, body []byte, most time.Duration) ([]byte, time.Duration, error) {
	o, ok := op.Row.(*operation)
	if !ok || o.timeLimit == never {
		return body, 0, nil
	}
	limited, lasts, err := o.limitCalls(r, body, most)
	if err == nil && o.timeLimit == whereStated {
		limited, lasts, err = limitTwiML(r, limited, lasts, most)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("limiting how long the call of %s lasts: %w", o.name, params.In(timeLimitName, err))
	}
	return limited, lasts, nil
}

func (o *operation) limitCalls(r *carrier.Request, body []byte, most time.Duration) ([]byte, time.Duration, error) {
	lasts, stated, err := o.readTimeLimit(r, body)
	switch {
	case err != nil:
		return nil, 0, err
	case stated && lasts <= most, !stated && o.timeLimit == whereStated:
		return body, lasts, nil
	case len(r.Header[clientValidation]) > 0:
		return nil, 0, carrier.ErrSigned
	}
	limited, err := writeTimeLimit(r.Field("Content-Type"), body, most, stated)
	if err != nil {
		return nil, 0, err
	}
	if lasts, stated, err = o.readTimeLimit(r, limited); err != nil || !stated || lasts != most {
		return nil, 0, unclear("cannot be written into this body so that all read it alike; send %s=%d", timeLimitName, seconds(most))
	}
	return limited, most, nil
}

// readTimeLimit reads how long a request says that its call lasts. It is stated once, in the
// body, under its exact name.
func (o *operation) readTimeLimit(r *carrier.Request, body []byte) (lasts time.Duration, stated bool, err error) {
	reading := params.Reading{
		Wanted: func(name string) bool { return sameName(timeLimitName, name) },
		Effort: params.MostEffort,
	}
	found, err := reading.Form(r.RawQuery, nil)
	if err == nil && len(found) > 0 {
		err = unclear("is in the query; send it in the body")
	}
	if err == nil {
		found, err = reading.Body(r.Field("Content-Type"), body, o.accepts, nil)
	}
	switch {
	case err != nil || len(found) == 0:
		return 0, false, err
	case len(found) > 1:
		return 0, false, unclear("is there %d times; send it once", len(found))
	case found[0].Uncertain || found[0].Name != timeLimitName:
		return 0, false, unclear("is not written exactly so")
	}
	n, err := strconv.ParseUint(found[0].Value, 10, 31)
	if err != nil || n == 0 {
		return 0, false, unclear("%.20q is not a number of seconds from 1", found[0].Value)
	}
	return time.Duration(n) * time.Second, true, nil
}

func unclear(format string, arguments ...any) *params.Fault {
	return &params.Fault{Kind: params.ErrUndecodable, Parameter: timeLimitName, Text: fmt.Sprintf(format, arguments...)}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// writeTimeLimit writes into a body how long a call lasts, in place of what it states, and leaves
// all else as it is.
func writeTimeLimit(contentType string, body []byte, most time.Duration, stated bool) ([]byte, error) {
	media, parameters, err := params.ContentType(contentType)
	written := timeLimitName + "=" + strconv.FormatInt(seconds(most), 10)
	switch isMultipart := media == multipartType; {
	case err != nil:
		return nil, err
	case len(body) == 0:
		return nil, unclear("is missing; send a form with %s", written)
	case !isMultipart && stated:
		return replacePair(body, timeLimitName, written), nil
	case !isMultipart:
		return append(append(bytes.Clone(body), '&'), written...), nil
	case stated:
		return nil, unclear("is too long; send %s at most", written)
	}
	return insertPart([]byte("--"+parameters["boundary"]), body, most)
}

// replacePair replaces the pair of a form that has a name.
func replacePair(form []byte, name, pair string) []byte {
	pairs := bytes.Split(form, []byte("&"))
	for i := range pairs {
		written, _, _ := strings.Cut(string(pairs[i]), "=")
		if unescaped, err := url.QueryUnescape(written); err == nil && unescaped == name {
			pairs[i] = []byte(pair)
		}
	}
	return bytes.Join(pairs, []byte("&"))
}

// insertPart adds a part before the first of a multipart body.
func insertPart(delimiter, body []byte, most time.Duration) ([]byte, error) {
	at := bytes.Index(body, delimiter)
	if at < 0 {
		return nil, unclear("cannot be written into a body without parts")
	}
	part := fmt.Appendf(nil, "%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%d\r\n", delimiter, timeLimitName, seconds(most))
	return bytes.Join([][]byte{body[:at], part, body[at:]}, nil), nil
}

// twimlName is the parameter with the instructions for a call in progress.
const twimlName = "Twiml"

// limitTwiML limits the calls that a call in progress makes by the TwiML in a form: it may be one
// that no request began.
func limitTwiML(r *carrier.Request, form []byte, lasts, most time.Duration) ([]byte, time.Duration, error) {
	reading := params.Reading{
		Wanted: func(name string) bool { return sameName(twimlName, name) },
		Effort: params.MostEffort,
	}
	found, err := reading.Form(r.RawQuery, nil)
	for i := range found {
		found[i].Uncertain = true // it can only be replaced in the body
	}
	if err == nil {
		found, err = reading.Body(r.Field("Content-Type"), form, formOrMultipart, found)
	}
	if err != nil {
		return nil, 0, err
	}
	for i := range found {
		p := &found[i]
		limited, err := twiml.LimitDials([]byte(p.Value), most)
		switch {
		case err != nil:
			return nil, 0, params.In(twimlName, err)
		case string(limited) == p.Value:
			continue
		case len(r.Header[clientValidation]) > 0:
			return nil, 0, carrier.ErrSigned
		case len(found) > 1 || p.Uncertain || p.Name != twimlName || !isForm(r):
			return nil, 0, &params.Fault{Kind: params.ErrUndecodable, Parameter: twimlName,
				Text: fmt.Sprintf(`a <Dial> lasts too long; write timeLimit="%d", or send the parameter once, in a form`, seconds(most))}
		}
		form, lasts = replacePair(form, twimlName, twimlName+"="+url.QueryEscape(string(limited))), most
	}
	return form, lasts, nil
}

// isForm reports whether the body of a request is a form, and no multipart body.
func isForm(r *carrier.Request) bool {
	media, _, err := params.ContentType(r.Field("Content-Type"))
	return err == nil && media != multipartType
}
