package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// dialVerb calls, and timeLimit is its attribute that says after how many seconds these calls end
// (https://www.twilio.com/docs/voice/twiml/dial#timelimit).
const (
	dialVerb  = "Dial"
	timeLimit = "timeLimit"
)

// dial is one <Dial>, however its name is spelled.
type dial struct {
	// name ends there: attributes may follow.
	name int
	// stated are its time limits, of which a document that is well-formed has one at most.
	stated []stated
}

// stated is one time limit as it is written.
type stated struct {
	value string
	Span
}

func newDial(token xml.StartElement, tokens *tokens, values []Span) dial {
	tag := tokens.document[tokens.span.Start:tokens.span.End]
	d := dial{name: tokens.span.Start + bytes.IndexAny(tag, " \t\r\n/>")}
	for i, a := range token.Attr {
		if a.Name.Space == "" && a.Name.Local == timeLimit {
			d.stated = append(d.stated, stated{a.Value, values[i]})
		}
	}
	return d
}

// isWithin reports whether the calls end after a number of seconds at most.
func (s *stated) isWithin(most int64) bool {
	n, err := strconv.ParseUint(s.value, 10, 31)
	return err == nil && n > 0 && int64(n) <= most
}

// LimitDials is a document in which the calls of each <Dial> end after a time, in whole seconds:
// the document itself if they do already. What it writes is read again. A document behind a URL
// stays as it is.
func LimitDials(document []byte, most time.Duration) ([]byte, error) {
	read, err := Read(document)
	if err != nil {
		return nil, err
	}
	limited := read.limitDials(document, int64(most/time.Second))
	if bytes.Equal(limited, document) {
		return document, nil
	}
	again, err := Read(limited)
	if err != nil {
		return nil, fmt.Errorf("reading TwiML whose calls are limited: %w", err)
	}
	if !bytes.Equal(again.limitDials(limited, int64(most/time.Second)), limited) || len(again.dials) != len(read.dials) {
		return nil, errors.Join(params.ErrUndecodable, errUnlimited)
	}
	return limited, nil
}

var errUnlimited = errors.New("the calls of a <Dial> cannot be limited; write a " + timeLimit)

// limitDials writes a number of seconds into each <Dial> that has none or a longer one.
func (d *Document) limitDials(document []byte, most int64) []byte {
	seconds := strconv.FormatInt(most, 10)
	var limited []byte
	end := 0
	write := func(at Span, text string) {
		limited = append(append(limited, document[end:at.Start]...), text...)
		end = at.End
	}
	for i := range d.dials {
		dial := &d.dials[i]
		if len(dial.stated) == 0 {
			write(Span{dial.name, dial.name}, ` `+timeLimit+`="`+seconds+`"`)
		}
		for k := range dial.stated {
			if s := &dial.stated[k]; !s.isWithin(most) {
				write(s.Span, seconds)
			}
		}
	}
	return append(limited, document[end:]...)
}
