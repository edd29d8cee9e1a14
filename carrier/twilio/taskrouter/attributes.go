package taskrouter

import "strings"

// Attribute is an attribute of a task or a worker that Twilio dials.
type Attribute struct {
	Name string
	// Source is the page below https://www.twilio.com/docs/.
	Source string
}

// Dialled are all of them. Attributes of tasks arrive in many ways, through the API, in
// TwiML and in the flows of Studio, and all of them use this table.
var Dialled = []Attribute{
	// The address of a worker, for instructions that state none.
	{"contact_uri", "taskrouter/handle-assignment-callbacks"},
	// The number that the instruction "conference" calls for a task that is an outbound
	// call.
	{"outbound_to", "api/errors/40142"},
}

// Caller is the attribute with the caller's number, or in Flex with the caller ID of an
// outbound call. That TaskRouter uses it is undocumented: it can only narrow what is
// allowed.
const Caller = "from"

// IsDialled reports whether an attribute of this name, however it is spelled, is
// dialled.
func IsDialled(name string) bool {
	for i := range Dialled {
		if isName(name, Dialled[i].Name) {
			return true
		}
	}
	return false
}

// isName reports whether a name is that of a member, in any letter case (including the
// Turkish letters i, which some readers fold) and with any separators.
func isName(name, member string) bool {
	return strings.EqualFold(withoutSeparators.Replace(name), withoutSeparators.Replace(member))
}

var withoutSeparators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "", "\u0131", "i", "\u0130", "i")
