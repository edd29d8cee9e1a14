package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
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
	// stated are its time limits, however their names are spelled, and exact reports whether
	// one is spelled as Twilio does.
	stated []stated
	exact  bool
	// start is where it begins.
	start int
}

// stated is one time limit as it is written.
type stated struct {
	value string
	Span
}

func newDial(token xml.StartElement, tokens *tokens, values []Span) dial {
	tag := tokens.document[tokens.span.Start:tokens.span.End]
	d := dial{name: tokens.span.Start + bytes.IndexAny(tag, " \t\r\n/>"), start: tokens.span.Start}
	for i, a := range token.Attr {
		if a.Name.Space != "xmlns" && fold(a.Name.Local) == fold(timeLimit) {
			d.stated = append(d.stated, stated{a.Value, values[i]})
			d.exact = d.exact || a.Name.Space == "" && a.Name.Local == timeLimit
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
// stays as it is, and so does each <Dial> within the spans that are spared.
func LimitDials(document []byte, most time.Duration, spared ...Span) ([]byte, error) {
	read, err := Read(document)
	if err != nil {
		return nil, err
	}
	isSpared := make([]bool, len(read.dials))
	for i := range read.dials {
		isIn := func(s Span) bool { return s.Start <= read.dials[i].start && read.dials[i].start < s.End }
		isSpared[i] = slices.ContainsFunc(spared, isIn)
	}
	limited := read.limitDials(document, int64(most/time.Second), isSpared)
	if bytes.Equal(limited, document) {
		return document, nil
	}
	again, err := Read(limited)
	if err != nil {
		return nil, fmt.Errorf("reading TwiML whose calls are limited: %w", err)
	}
	if len(again.dials) != len(read.dials) || !bytes.Equal(again.limitDials(limited, int64(most/time.Second), isSpared), limited) {
		return nil, errors.Join(params.ErrUndecodable, errUnlimited)
	}
	return limited, nil
}

var errUnlimited = errors.New("the calls of a <Dial> cannot be limited; write a " + timeLimit)

// limitDials writes a number of seconds into each <Dial> that has none or a longer one, and is
// not spared.
func (d *Document) limitDials(document []byte, most int64, isSpared []bool) []byte {
	seconds := strconv.FormatInt(most, 10)
	var limited []byte
	end := 0
	write := func(at Span, text string) {
		limited = append(append(limited, document[end:at.Start]...), text...)
		end = at.End
	}
	for i := range d.dials {
		dial := &d.dials[i]
		if isSpared[i] {
			continue
		}
		if !dial.exact {
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
