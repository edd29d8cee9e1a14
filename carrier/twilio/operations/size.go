package operations

import (
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// The parameters that say how large a send is
// (https://www.twilio.com/docs/messaging/api/message-resource,
// https://www.twilio.com/docs/voice/api/call-resource; contentParameter is that of the API in JSON,
// https://www.twilio.com/docs/comms). TimeLimit is in seconds. A text that is in a template
// (ContentSid) only the carrier knows.
const (
	textParameter     = "Body"
	contentParameter  = "text"
	mediaParameter    = "MediaUrl"
	durationParameter = "TimeLimit"
)

var sizeNames = newNameSet([]string{textParameter, contentParameter, mediaParameter, durationParameter})

// readSize reads how large the sends of a request are. Of a parameter that is repeated, the
// largest value counts. The parameters were read once by then, without these.
func (o *operation) readSize(r *carrier.Request, body []byte, intent *carrier.Intent) error {
	reading := params.Reading{Wanted: sizeNames.has, FreeText: isFreeText, Effort: params.MostEffort}
	var buffer [4]params.Parameter
	found, err := reading.Form(r.RawQuery, buffer[:0])
	if err == nil {
		found, err = reading.Body(r.Field("Content-Type"), body, o.accepts, found)
	}
	if err != nil {
		return err
	}
	size := &intent.Size
	for i := range found {
		p := &found[i]
		switch {
		case sameName(textParameter, p.Name), sameName(contentParameter, p.Name):
			size.Segments = max(size.Segments, carrier.Segments(p.Value))
		case sameName(mediaParameter, p.Name):
			size.Media = size.Media || p.Value != ""
		case sameName(durationParameter, p.Name):
			if seconds, err := strconv.ParseUint(strings.TrimSpace(p.Value), 10, 31); err == nil {
				size.Duration = max(size.Duration, time.Duration(seconds)*time.Second)
			}
		}
	}
	return nil
}
