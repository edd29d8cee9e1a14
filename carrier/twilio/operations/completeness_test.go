package operations

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// libraryWrite is a write of Twilio's API as Twilio's libraries make it.
type libraryWrite struct {
	write
	parameters []string
}

// writesOfTheLibrary reads what generate found in the libraries.
func writesOfTheLibrary(t *testing.T) (writes []libraryWrite) {
	t.Helper()
	text, err := os.ReadFile("testdata/sdk/writes.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		w := libraryWrite{write: write{columns[0], columns[1], columns[2]}}
		if columns[3] != "" {
			w.parameters = strings.Split(columns[3], ",")
		}
		writes = append(writes, w)
	}
	return writes
}

// destinationNames are the names of parameters in which a destination may
// stand, or a document that names one. A name in a JSON body is its last part.
var destinationNames = []string{
	`To`, `Called`, `CallTo`, `DequeueTo`, `SendTo`, `ToBinding`,
	`Target`, `Targets`, `Identifier`, `Recipients?`, `Participants?`, `contact_?uri`,
	`(.*\.|proxy_|projected_?)?Address(es)?`, `.*Binding\..*Address`,
	`.*phone_?numbers?(E164)?`, `.*phone`, `.*mobile.*`, `msisdn`, `sip_?(uri|url)`,
	`Twiml`, `(Fallback|Call|Redirect|Wait|Announce|Hold)?Url`,
	`.*Attributes`, `Parameters`, `MediaProperties`, `Routing`, `Items`, `TestUsers`,
}

var destinationName = regexp.MustCompile(`(?i)^(` + strings.Join(destinationNames, "|") + `)$`)

// parameterForms are how a number is written in parameters that want more.
var parameterForms = map[string]string{
	"Twiml":           "<Response><Dial>" + toUZ + "</Dial></Response>",
	"ToBinding":       `{"binding_type":"sms","address":"` + toUZ + `"}`,
	"Participant":     `{"messaging_binding":{"address":"` + toUZ + `"}}`,
	"Participants":    `{"Identifier":"` + toUZ + `"}`,
	"Channel":         `{"type":"sms","participants":[{"address":"` + toUZ + `"}]}`,
	"MediaProperties": `{"address":"` + toUZ + `"}`,
	"Routing":         `{"address":"` + toUZ + `"}`,
	"Parameters":      `{"anything":"` + toUZ + `"}`,
	"TaskAttributes":  `{"contact_uri":"` + toUZ + `"}`,
	"Attributes":      `{"contact_uri":"` + toUZ + `","mobile_phone_number":"` + toUZ + `"}`,
	"Url":             twimlet, "FallbackUrl": twimlet, "CallUrl": twimlet, "RedirectUrl": twimlet,
	"WaitUrl": twimlet, "AnnounceUrl": twimlet, "HoldUrl": twimlet,
}

const twimlet = "https://twimlets.com/forward?PhoneNumber=" + toUZ

// withParameter is a request for a write with one parameter in it.
func (w *libraryWrite) withParameter(parameter string) (*carrier.Request, string) {
	r := request(w.product, w.path, formType)
	r.Method = w.method
	if !strings.HasPrefix(parameter, "/") {
		value, ok := parameterForms[parameter]
		if !ok {
			value = toUZ
		}
		return r, form(parameter, value)
	}
	r.Header.Set("Content-Type", jsonType)
	var value any = toUZ
	names := strings.Split(parameter[1:], "/")
	for _, name := range slices.Backward(names) {
		value = map[string]any{name: value}
	}
	body, _ := json.Marshal(value)
	return r, string(body)
}

// isJudged reports whether the parameter is judged: its number is a destination or a
// sender's, or all of the request changes something that is controlled.
func (w *libraryWrite) isJudged(parameter string) bool {
	r, body := w.withParameter(parameter)
	intent, err := Carrier.Read(r, Route(r, "api"), []byte(body))
	return err == nil && (len(intent.Controls) > 0 || slices.Contains(intent.Senders, toUZ) ||
		slices.ContainsFunc(intent.Sends, func(s carrier.Send) bool {
			return strings.TrimSpace(s.To) == strings.TrimSpace(toUZ) || s.To == toUZ[1:]
		}))
}

// isObject reports whether the parameter only holds others.
func (w *libraryWrite) isObject(parameter string) bool {
	return strings.HasPrefix(parameter, "/") &&
		slices.ContainsFunc(w.parameters, func(p string) bool { return strings.HasPrefix(p, parameter+"/") })
}

// exception is why parameters need not be judged that look as if they should. A
// star in path or parameter stands for anything.
type exception struct {
	product, path, parameter, reason string
}

func (e *exception) covers(w *libraryWrite, parameter string) bool {
	return matchesStar(e.product, w.product) && matchesStar(e.path, w.path) && matchesStar(e.parameter, parameter)
}

func matchesStar(pattern, text string) bool {
	matched, _ := regexp.MatchString("^"+strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")+"$", text)
	return matched
}

// Every parameter in which a destination could stand is judged, or there is a
// reason why it need not be.
func TestEveryDestinationOfTheLibrariesIsJudged(t *testing.T) {
	used := map[*exception]bool{}
	for _, w := range writesOfTheLibrary(t) {
		for _, parameter := range w.parameters {
			name := parameter[strings.LastIndexByte(parameter, '/')+1:]
			// Deleting reaches no one.
			if w.method == http.MethodDelete || !destinationName.MatchString(name) || w.isObject(parameter) {
				continue
			}
			i := slices.IndexFunc(notJudged, func(e exception) bool { return e.covers(&w, parameter) })
			excepted := i >= 0
			if excepted {
				used[&notJudged[i]] = true
			}
			if judged := w.isJudged(parameter); judged == excepted {
				t.Errorf("%s %s %s %s: judged %t, excepted %t", w.product, w.method, w.path, parameter, judged, excepted)
			}
		}
	}
	for i := range notJudged {
		if e := &notJudged[i]; !used[e] {
			t.Errorf("nothing is excepted by %+v", *e)
		}
	}
}

// Every operation that changes the carrier's protection or who may use an
// account is a controlling one, or there is a reason why it need not be.
func TestEveryControlOfTheLibrariesIsControlling(t *testing.T) {
	used := map[*exception]bool{}
	for _, w := range writesOfTheLibrary(t) {
		for _, parameter := range append([]string{""}, w.parameters...) {
			if !controlPath.MatchString(w.path) && !controlParameter.MatchString(parameter) {
				continue
			}
			r := request(w.product, w.path, formType)
			r.Method = w.method
			intent, err := Carrier.Read(r, Route(r, "api"), []byte(form(parameter, "disable")))
			i := slices.IndexFunc(notControlling, func(e exception) bool { return e.covers(&w, w.method) })
			excepted := i >= 0
			if excepted {
				used[&notControlling[i]] = true
			}
			if controlling := err == nil && len(intent.Controls) > 0; controlling == excepted {
				t.Errorf("%s %s %s %s: controlling %t, excepted %t", w.product, w.method, w.path, parameter, controlling, excepted)
			}
		}
	}
	for i := range notControlling {
		if e := &notControlling[i]; !used[e] {
			t.Errorf("nothing is excepted by %+v", *e)
		}
	}
}

// Rows that were written by hand speak for an operation of the libraries, or
// there is a reason why they do not know it.
func TestEveryRowIsAnOperationOfTheLibraries(t *testing.T) {
	known := map[*operation]bool{}
	for _, w := range writesOfTheLibrary(t) {
		r := request(w.product, w.path, formType)
		r.Method = w.method
		row, _ := Route(r, "api").Row.(*operation)
		if row == api.unknown || row == nil && !slices.Contains(streamed, w.product) {
			t.Errorf("%s %s %s is in no row", w.product, w.method, w.path)
		}
		known[row] = true
	}
	for _, o := range api.operations {
		reason, excepted := onlyDocumented[o.product+" "+o.path]
		if known[o] == excepted {
			t.Errorf("%s %s: in the libraries %t, but %q", o.product, o.path, known[o], reason)
		}
	}
}

// Where all products are served at one place, requests of one product may be in
// the row of another. That row then does all that its own would do.
func TestRowsThatHideOthersDoTheSame(t *testing.T) {
	for i, o := range api.operations {
		for j, other := range api.operations {
			path, overlap := commonPath(o.path, other.path)
			if !overlap {
				continue
			}
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
				if own := api.judged[o.product].find(method, path); own != o {
					if i == j && method != o.except && (o.only == "" || method == o.only) {
						t.Errorf("%s %s of %s is hidden by a row of its own product", method, o.path, o.product)
					}
					continue
				}
				if found := api.judged[anyProduct].find(method, path); !found.doesAllOf(o) {
					t.Errorf("%s %s of %s is hidden by %s of %s", method, o.path, o.product, found.path, found.product)
				}
			}
		}
	}
}

var version = regexp.MustCompile(`^(v\d+|\d{4}-\d{2}-\d{2})$`)

// commonPath is a path that is in both of two rows, if there is one: a version
// is one, and not any word.
func commonPath(a, b string) (segments []string, ok bool) {
	others := strings.Split(b[1:], "/")
	segments = strings.Split(a[1:], "/")
	if len(segments) != len(others) {
		return nil, false
	}
	for i := range segments {
		variable, literal := segments[i], others[i]
		if !strings.HasPrefix(variable, "{") {
			variable, literal = literal, variable
		}
		isAny := strings.HasPrefix(variable, "{")
		switch {
		case !isAny && !strings.EqualFold(variable, literal):
			return nil, false
		case variable == "{Version}" && !strings.HasPrefix(literal, "{") && !version.MatchString(literal):
			return nil, false
		}
		segments[i] = literal
	}
	return segments, true
}

// doesAllOf reports whether the row finds in every request at least what the other
// finds.
func (o *operation) doesAllOf(other *operation) bool {
	if o == other {
		return true
	}
	return o.kind == other.kind && o.control == other.control && o.channel == other.channel &&
		o.tentative == other.tentative && o.verification == other.verification &&
		(o.stored || !other.stored) && (len(o.urls) > 0 || len(other.urls) == 0) && o.maxBody >= other.maxBody && o.accepts&other.accepts == other.accepts &&
		hasAll(o.fields, other.fields) && hasAll(o.senders, other.senders) && hasAll(o.storedBy, other.storedBy) &&
		hasAll(o.switches, other.switches) && hasAll(documentsOf(o), documentsOf(other))
}

// hasAll reports whether a list has all elements of another.
func hasAll[T comparable](list, others []T) bool {
	return !slices.ContainsFunc(others, func(other T) bool { return !slices.Contains(list, other) })
}

// documentsOf writes down what a row finds in documents, so that it can be
// compared.
func documentsOf(o *operation) (found []string) {
	for i := range o.documents {
		d := &o.documents[i]
		found = append(found, fmt.Sprint(d.name, d.fields, d.senders, d.channel, d.tentative, d.anywhere))
	}
	return found
}
