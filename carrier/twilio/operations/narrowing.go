package operations

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// narrowing describes a request that changes the carrier's protection but only takes
// something away. Such a request needs no permission. With any other content, a missing
// member or another spelling of a name, it is a change like any other.
type narrowing struct {
	// parameter has a JSON document as its value: an object, or a list of objects. If it
	// is empty, the members are parameters themselves.
	parameter string
	// members are those of each object, with their possible values in lower case. A
	// member without values may be missing or have any string: it says what the change is
	// about.
	members map[string][]string
}

var no = []string{"false"}

var (
	// https://www.twilio.com/docs/voice/api/dialingpermissions-bulkcountryupdate-resource
	closesCountryToCalls = narrowing{"UpdateRequest", map[string][]string{
		"iso_code":                            nil,
		"low_risk_numbers_enabled":            no,
		"high_risk_special_numbers_enabled":   no,
		"high_risk_tollfraud_numbers_enabled": no,
	}}
	// https://www.twilio.com/docs/messaging/guides/sms-geo-permissions
	closesCountry = narrowing{"Permissions", map[string][]string{"country_code": nil, "type": nil, "enabled": no}}
	// https://www.twilio.com/docs/iam/api/account: a suspended account sends nothing.
	// Closing one is permanent, so it needs permission.
	suspends = narrowing{"", map[string][]string{"Status": {"suspended"}, "FriendlyName": nil}}
)

// onlyNarrows reports whether a request certainly only takes something away.
func (o *operation) onlyNarrows(r *carrier.Request, body []byte) bool {
	if o.narrows == nil || r.RawQuery != "" {
		return false
	}
	everything := func(string) bool { return true }
	found, err := params.Body(r.Header.Get("Content-Type"), body, params.AcceptForm, everything, nil)
	if err != nil || len(found) == 0 {
		return false
	}
	for i := range found {
		if found[i].Uncertain {
			return false
		}
	}
	if o.narrows.parameter == "" {
		object := make(map[string]any, len(found))
		for i := range found {
			object[found[i].Name] = found[i].Value
		}
		return len(object) == len(found) && o.narrows.covers(object)
	}
	for i := range found {
		if found[i].Name != o.narrows.parameter || !o.narrows.coversDocument(found[i].Value) {
			return false
		}
	}
	return true
}

// coversDocument reports whether all objects of a JSON document take something away.
func (n *narrowing) coversDocument(document string) bool {
	decoder := json.NewDecoder(strings.NewReader(document))
	var token json.Token
	// next reports whether the next token is the one given.
	next := func(want json.Token) bool {
		var err error
		token, err = decoder.Token()
		return err == nil && token == want
	}
	isList := next(json.Delim('['))
	if isList && !next(json.Delim('{')) || token != json.Delim('{') {
		return false
	}
	for {
		object := make(map[string]any, len(n.members))
		for !next(json.Delim('}')) {
			name, isName := token.(string)
			value, err := decoder.Token()
			if _, isTwice := object[name]; !isName || isTwice || err != nil {
				return false // readers differ on which of two equal names counts
			}
			object[name] = value
		}
		switch {
		case !n.covers(object):
			return false
		case isList && decoder.More():
			if !next(json.Delim('{')) {
				return false
			}
			continue
		case isList && !next(json.Delim(']')):
			return false
		}
		_, err := decoder.Token() // nothing may follow
		return errors.Is(err, io.EOF)
	}
}

// covers reports whether one object takes something away.
func (n *narrowing) covers(object map[string]any) bool {
	for name, values := range n.members {
		value, isThere := object[name]
		text, isText := value.(string)
		switch {
		case value == false:
			text = "false"
		case isThere && !isText:
			return false
		}
		if values != nil && !slices.Contains(values, strings.ToLower(text)) {
			return false
		}
	}
	for name := range object {
		if _, known := n.members[name]; !known {
			return false
		}
	}
	return true
}
