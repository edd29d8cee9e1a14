package config

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Switch is a statement that holds or does not: `true`, or an object with why and until
// when.
type Switch struct {
	On bool
	// Why it is stated.
	Reason string `json:"reason,omitzero"`
	// When it ends: a date (at 00:00 UTC of that day) or an RFC 3339 time. Default: never.
	Until string `json:"until,omitzero"`
}

// isBare reports whether the switch is a truth without terms.
func (s Switch) isBare() bool { return s.Reason == "" && s.Until == "" }

// MarshalJSON implements json.Marshaler.
func (s Switch) MarshalJSON() ([]byte, error) {
	if s.isBare() {
		return json.Marshal(s.On)
	}
	type terms struct {
		Reason string `json:"reason,omitzero"`
		Until  string `json:"until,omitzero"`
	}
	return json.Marshal(terms{s.Reason, s.Until})
}

// SetTruth is what decoding a truth calls, and with true what decoding an object calls.
func (s *Switch) SetTruth(on bool) { s.On = on }

// truthWords are what is not a reason, and may be meant to turn a switch off.
var truthWords = []string{"on", "off", "true", "false", "yes", "no"}

func (c *compiler) turned(path string, s Switch) policy.Switch {
	if slices.Contains(truthWords, strings.ToLower(s.Reason)) {
		c.problem(path+".reason", "%q is not a reason for %s: leave that out to turn it off, and the word to turn it on", s.Reason, path[strings.LastIndex(path, ".")+1:])
	}
	return policy.Switch{On: s.On, Reason: s.Reason, Until: c.time(path+".until", s.Until)}
}
