package config

import (
	"reflect"
	"regexp"
	"strings"
)

// typeWords says what a value of a type has to be, with an example in JSON.
var typeWords = map[reflect.Type]string{
	reflect.TypeFor[Territories]():            `a list, such as ["US", "CA"]; [] is none`,
	reflect.TypeFor[Numbers]():                `a list, such as ["+4915112345678"]; [] is none`,
	reflect.TypeFor[Controls]():               `a list, such as ["keys", "safe_list"]; [] is none`,
	reflect.TypeFor[Hosts]():                  `a list, such as ["hooks.example.com"]; [] is none`,
	reflect.TypeFor[[]string]():               `a list of texts, such as ["SK22222222222222222222222222222222"]`,
	reflect.TypeFor[[]Prefix]():               `a list of rules, such as [{"block": "+99899394", "reason": "pumping"}]`,
	reflect.TypeFor[[]Range]():                `a list of ranges, such as [{"prefix": "+1924", "territory": "US"}]`,
	reflect.TypeFor[[]Account]():              `a list of accounts, such as [{"id": "AC11111111111111111111111111111111"}]`,
	reflect.TypeFor[[]Approval]():             `a list of approvals, such as [{"territory": "SG", "channel": "voice", "reason": "ticket 812"}]`,
	reflect.TypeFor[map[string]Permissions](): `an object with senders, such as {"+14155550100": {"messaging": ["US"]}}`,
	reflect.TypeFor[Permissions]():            `an object with channels, such as {"messaging": ["US"]}`,
	reflect.TypeFor[Default]():                `an object with channels, such as {"messaging": ["US"]}`,
	reflect.TypeFor[Verify]():                 `an object with channels, such as {"messaging": ["US"]}`,
	reflect.TypeFor[Voice]():                  `an object with risk classes, such as {"low_risk": ["US"]}`,
	reflect.TypeFor[Unsupported]():            `an object with channels, such as {"messaging": ["IR"]}`,
	reflect.TypeFor[ByRequest]():              `an object with channels, such as {"voice": ["SG"]}`,
	reflect.TypeFor[Prefix]():                 `an object, such as {"block": "+99899394", "reason": "pumping"}`,
	reflect.TypeFor[Range]():                  `an object, such as {"prefix": "+1924", "territory": "US"}`,
	reflect.TypeFor[Approval]():               `an object, such as {"territory": "SG", "channel": "voice", "reason": "ticket 812"}`,
	reflect.TypeFor[Account]():                `an object, such as {"id": "AC11111111111111111111111111111111"}`,
}

// kindWords says the same of types that have no row above.
var kindWords = map[reflect.Kind]string{
	reflect.Struct: "an object",
	reflect.Map:    "an object",
	reflect.Slice:  "a list",
	reflect.String: "a text",
	reflect.Bool:   "true or false",
	reflect.Int:    "a whole number",
}

// mustState are objects that say nothing when they are empty, which no other
// spelling of a policy could write, with what to write instead.
var mustState = map[reflect.Type]string{
	reflect.TypeFor[Voice]():       `a risk class, such as {"low_risk": ["US"]}, or {"low_risk": []} for none`,
	reflect.TypeFor[Verify]():      `a channel, such as {"messaging": ["US"]}, or {"messaging": []} for none`,
	reflect.TypeFor[Unsupported](): `a channel, such as {"messaging": ["IR"]}, or {"messaging": []} for none`,
	reflect.TypeFor[ByRequest]():   `a channel, such as {"voice": ["SG"]}, or {"voice": []} for none`,
}

// expected says what a value of a type has to be that is something else.
func (r *reader) expected(v *value, t reflect.Type) string {
	words := typeWords[t]
	if words == "" {
		words = kindWords[t.Kind()]
	}
	message := "must be " + r.example(words)
	switch {
	case t.Kind() == reflect.Bool && (v.kind == plain || v.kind == quoted):
		if word, known := truths[strings.ToLower(v.text)]; known {
			message += ": write " + word
			if v.kind == quoted {
				message += ", without quotes"
			}
		}
	case t.Kind() == reflect.String && v.isPlaceholder():
		message += `: write a placeholder in quotes, as in "{` + v.members[0].name + `}"`
	case t.Kind() == reflect.String:
		message += " in quotes"
	}
	return message
}

// truths are other words for true and false, some of them YAML's own once.
var truths = map[string]string{
	"true": "true", "yes": "true", "y": "true", "on": "true", "1": "true",
	"false": "false", "no": "false", "n": "false", "off": "false", "0": "false",
}

// isPlaceholder tells whether an object is what YAML takes a placeholder
// without quotes for: {env.X} has one member "env.X", which is null.
func (v *value) isPlaceholder() bool {
	return v.kind == object && len(v.members) == 1 && v.members[0].value.kind == nothing
}

// example writes an example as the document at hand would: in YAML, words need
// no quotes.
func (r *reader) example(words string) string {
	if !r.yaml {
		return words
	}
	return quotedWord.ReplaceAllString(words, "$1")
}

var quotedWord = regexp.MustCompile(`"([A-Za-z][A-Za-z0-9_ ]*)"`)
