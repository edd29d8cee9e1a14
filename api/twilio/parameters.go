package twilio

import (
	"maps"
	"net/url"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
)

// parameters are those of the resources that are written to, by their paths. The values of a list
// are repeated parameters.
var parameters = map[string][]parameter{
	"/v1/DialingPermissions/BulkCountryUpdates": {{name: "UpdateRequest"}},
	"/v1/Settings":                       {{name: "DialingPermissionsInheritance"}},
	"/v1/Messaging/GeoPermissions":       {{name: "Permissions", list: true}},
	"/v1/SafeList/Numbers":               {{name: "PhoneNumber", inQuery: true}},
	"/v2/SafeList/Numbers":               {{name: "PhoneNumber"}},
	"/v2/SafeList/Numbers/{PhoneNumber}": {},
}

// accountParameter names the subaccount that a request of its parent is about. Twilio has no such
// parameter here: there, each account has its own credential for these resources
// (https://www.twilio.com/docs/iam/api/subaccounts).
const accountParameter = "AccountSid"

// NamedAccount is the account that a request names, if it names any. Of several, none can be meant:
// it is empty.
func NamedAccount(query, form url.Values) (named string, ok bool) {
	values := slices.Concat(query[accountParameter], form[accountParameter])
	if len(values) == 1 {
		return values[0], true
	}
	return "", len(values) > 0
}

// url is where a link of an answer leads: to the same account.
func (r *Request) url(path string) string {
	if named, ok := NamedAccount(r.Query, r.Form); ok {
		path += "?" + url.Values{accountParameter: {named}}.Encode()
	}
	return r.Base + path
}

// parameter is one that is read in the body, or in the query too.
type parameter struct {
	name          string
	list, inQuery bool
}

// checkParameters refuses a change with a parameter that is not read: an answer of success would
// say that what it asks for was done.
func checkParameters(r *Request, path string) *Answer {
	known := append([]parameter{{name: accountParameter, inQuery: true}}, parameters[path]...)
	for _, name := range slices.Sorted(maps.Keys(r.Query)) {
		if !slices.ContainsFunc(known, func(p parameter) bool { return p.name == name && p.inQuery }) {
			refusal := invalid("%q is not read in the query of a change: write the parameters into the body, as a form", name)
			return &refusal
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Form)) {
		i := slices.IndexFunc(known, func(p parameter) bool { return p.name == name })
		if i < 0 {
			refusal := invalid("unknown parameter %q%s", name, config.DidYouMean(name, names(known)))
			return &refusal
		}
		if len(r.Form[name])+len(r.Query[name]) > 1 && !known[i].list {
			refusal := invalid("%s is repeated: write it once", name)
			return &refusal
		}
	}
	return nil
}

func names(known []parameter) (names []string) {
	for _, p := range known {
		names = append(names, p.name)
	}
	return names
}
