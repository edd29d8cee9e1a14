package taskrouter

import "strings"

// Attribute is one in the attributes of a task or a worker that Twilio dials.
type Attribute struct {
	Name string
	// Source is the page below https://www.twilio.com/docs/.
	Source string
}

// Dialled are all of them. Attributes of tasks come in by many doors, by the API, in
// TwiML and in the flows of Studio, and each of them reads by this table.
var Dialled = []Attribute{
	// Where a worker is reached by an instruction that does not say where itself.
	{"contact_uri", "taskrouter/handle-assignment-callbacks"},
	// Whom the instruction "conference" calls for a task that is an outbound call.
	{"outbound_to", "api/errors/40142"},
}

// Caller is the attribute that has the number of the caller, or in Flex the one that an
// outbound call comes from. That TaskRouter goes by it is not documented: it can narrow
// what is allowed, and widens nothing.
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

// isName reports whether a name is that of a member, in any letter case (of the letters
// "i" of Turkish as well, which other readers fold) and with whatever separators.
func isName(name, member string) bool {
	return strings.EqualFold(withoutSeparators.Replace(name), withoutSeparators.Replace(member))
}

var withoutSeparators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "", "\u0131", "i", "\u0130", "i")
