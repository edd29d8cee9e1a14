package sandbox

import (
	"net/http"
	"regexp"
	"strings"
)

// version is the only version of the API that Twilio still serves under this path.
const version = "2010-04-01"

// target is what a path names.
type target struct {
	path           string // as the request has it; a refusal repeats it
	other          bool   // than the 2010 API: a path of another of Twilio's products
	representation *representation
	account        string
	resource       string // Accounts, Messages, Calls; empty when the path names nothing known
	sid            string // of one resource; empty for the whole list
}

// shape decides which operations a path has: those of a list or those of one resource.
type shape struct {
	resource string
	member   bool
}

func (t target) shape() shape { return shape{t.resource, t.sid != ""} }

// operation performs a request, and returns its answer or why it failed.
type operation func(*Sandbox, *exchange) (answer, *failure)

// operations are all operations of the sandbox. PUT equals POST, as in Twilio's early
// documentation.
var operations = map[shape]map[string]operation{
	{"Accounts", false}: {http.MethodGet: listAccounts, http.MethodHead: listAccounts},
	{"Accounts", true}:  {http.MethodGet: fetchAccount, http.MethodHead: fetchAccount},
	{"Messages", false}: {
		http.MethodGet: listResources, http.MethodHead: listResources,
		http.MethodPost: createMessage, http.MethodPut: createMessage,
	},
	{"Messages", true}: {
		http.MethodGet: fetchResource, http.MethodHead: fetchResource,
		http.MethodPost: updateMessage, http.MethodPut: updateMessage,
		http.MethodDelete: deleteResource,
	},
	{"Calls", false}: {
		http.MethodGet: listResources, http.MethodHead: listResources,
		http.MethodPost: createCall, http.MethodPut: createCall,
	},
	{"Calls", true}: {
		http.MethodGet: fetchResource, http.MethodHead: fetchResource,
		http.MethodPost: updateCall, http.MethodPut: updateCall,
		http.MethodDelete: deleteResource,
	},
}

// resourceNames finds a resource by its name in any letter case: Twilio's own pages write
// Messages.Xml and SMS/Messages.json alike.
var resourceNames = map[string]string{"messages": "Messages", "calls": "Calls"}

var (
	accountPattern  = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	resourcePattern = regexp.MustCompile(`^(SM|MM|CA)[0-9a-fA-F]{32}$`)
	servicePattern  = regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`)
	productVersion  = regexp.MustCompile(`^/v[0-9]+/`)
)

// readTarget finds what a path names. Only a path of the 2010 API has a representation to
// choose; Twilio's other products speak JSON alone, and name a missing resource by its
// path below their version.
func readTarget(path string) target {
	below, old := strings.CutPrefix(path, "/"+version+"/")
	if !old {
		return target{other: path != "/", path: productVersion.ReplaceAllString(path, "/"), representation: &jsonRepresentation}
	}
	below, form := cutExtension(below)
	unknown := target{path: path, representation: form}
	segments := strings.Split(below, "/")
	if !strings.EqualFold(segments[0], "Accounts") || len(segments) > 4 {
		return unknown
	}
	known := unknown
	known.resource = "Accounts"
	if len(segments) > 1 {
		known.account = strings.Clone(segments[1]) // outlives the rest of the request
		if !accountPattern.MatchString(known.account) {
			return unknown
		}
		known.sid = known.account
	}
	if len(segments) > 2 {
		known.resource, known.sid = resourceNames[strings.ToLower(segments[2])], ""
	}
	if len(segments) > 3 {
		known.sid = segments[3]
		if !resourcePattern.MatchString(known.sid) {
			return unknown
		}
	}
	return known
}

// notFound names the path as Twilio does.
func (t target) notFound() *failure { return failWith(20404, details{path: t.path}) }

// uri is the address of a resource, relative to the host, in the representation of the
// answer.
func uri(suffix string, segments ...string) string {
	return "/" + version + "/" + strings.Join(segments, "/") + suffix
}
