package webhook

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// MaxDocument is the most that Twilio reads of an answer with TwiML, in bytes
// (https://www.twilio.com/docs/api/errors/11750).
const MaxDocument = 64 << 10

// Answer is what a web server answers.
type Answer struct {
	Status int
	Header http.Header
	// Body as it came, encoded or not.
	Body []byte
	// TooLarge says that there is more of it than may be read.
	TooLarge bool
}

// Instructs reports whether Twilio may do what an answer of this status says. It does not
// for informational statuses, those without a body, and errors, after which it asks the
// fallback address instead (https://www.twilio.com/docs/api/errors/11217,
// https://www.twilio.com/docs/availability-reliability). A 304 has no body either, and
// sends Twilio to its cache.
func Instructs(status int) bool {
	isError := status >= http.StatusBadRequest && status < 600
	return status >= http.StatusOK && status != http.StatusNoContent && !isError
}

// isRedirect reports whether Twilio follows the address in Location.
func (a *Answer) isRedirect() bool {
	return a.Status >= http.StatusMultipleChoices && a.Status < http.StatusBadRequest
}

// text is the decoded body, or why it cannot be decoded.
func (a *Answer) text(limit int) ([]byte, policy.Reason) {
	if a.TooLarge {
		return nil, carrier.BodyTooLarge
	}
	var codings []string
	for _, line := range a.Header.Values("Content-Encoding") {
		for coding := range strings.SplitSeq(line, ",") {
			if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" {
				codings = append(codings, coding)
			}
		}
	}
	switch {
	case len(codings) == 0 || len(a.Body) == 0:
		return a.Body, ""
	case len(codings) > 1 || codings[0] != "gzip" && codings[0] != "x-gzip":
		return nil, carrier.BodyEncoded
	}
	source := bytes.NewReader(a.Body)
	reader, err := gzip.NewReader(source)
	if err != nil {
		return nil, carrier.BodyUndecodable
	}
	// Some readers read only the first of several in a row.
	reader.Multistream(false)
	text, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	switch {
	case err != nil:
		return nil, carrier.BodyUndecodable
	case len(text) > limit:
		return nil, carrier.BodyTooLarge
	case source.Len() > 0:
		return nil, carrier.BodyUndecodable
	}
	return text, ""
}

// bodyKinds is how Twilio may read a body of some type
// (https://www.twilio.com/docs/messaging/twiml#twilio-understands-mime-types).
type bodyKinds struct {
	// asTwiML says that it is an error if it is not TwiML.
	asTwiML bool
	// asText says that it may be spoken or sent as a message, and asMedia that it is
	// audio, video or an image.
	asText, asMedia bool
}

// bodyKindsOf returns how Twilio may read an answer with this header. Where the type is
// missing or repeated, each way counts.
func bodyKindsOf(header http.Header) (t bodyKinds, err error) {
	types := header.Values("Content-Type")
	for _, line := range types {
		if IsMedia(line) {
			t.asMedia = true
			continue
		}
		media, _, err := params.ContentType(line)
		if err != nil {
			return t, err
		}
		switch {
		case media == "text/html" || media == "text/xml" || media == "application/xml" || strings.HasSuffix(media, "+xml"):
			t.asTwiML = true
		case strings.HasPrefix(media, "text/") || media == "":
			t.asText = true
		default:
			t.asTwiML, t.asText = true, true
		}
	}
	if len(types) == 0 {
		t.asText = true
	}
	return t, nil
}

// IsMedia reports whether a type is audio, video or an image.
func IsMedia(contentType string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(contentType)), "/")
	return kind == "audio" || kind == "video" || kind == "image"
}

// looksLikeMarkup reports whether a text begins like a document, in any encoding.
func looksLikeMarkup(text []byte) bool {
	text = bytes.TrimLeft(text, "\x00 \t\r\n\v\f\xef\xbb\xbf\xfe\xff")
	return len(text) > 0 && text[0] == '<'
}
