package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// shelf is where the resources that a path names stand.
func (t target) shelf() shelf { return shelf{t.account, t.resource} }

func fetchResource(s *Sandbox, x *exchange) (answer, *failure) {
	found, known := s.resources.find(x.shelf(), x.sid)
	if !known {
		return answer{}, x.notFound()
	}
	return answer{http.StatusOK, found.document(x)}, nil
}

// deleteResource deletes at once. Twilio refuses as long as a message or call has not ended; whoever tests here seldom wants to wait.
func deleteResource(s *Sandbox, x *exchange) (answer, *failure) {
	if !s.resources.remove(x.shelf(), x.sid) {
		return answer{}, x.notFound()
	}
	return answer{status: http.StatusNoContent}, nil
}

// listResources takes the filters To and From, and no other; the rest are ignored.
func listResources(s *Sandbox, x *exchange) (answer, *failure) {
	to, from := x.parameters.get("To"), x.parameters.get("From")
	found := s.resources.newestFirst(x.shelf(), func(kept record) bool {
		keptTo, keptFrom := kept.parties()
		return (to == "" || to == keptTo) && (from == "" || from == keptFrom)
	})
	listed, failure := newList(x, found, "To", "From")
	if failure != nil {
		return answer{}, failure
	}
	return answer{http.StatusOK, listed}, nil
}

// subresources are the addresses below a resource, by the name of each in the answer.
func subresources(suffix string, base []string, names []string) object {
	addresses := make(object, 0, len(names))
	for _, name := range names {
		segments := append(base[:len(base):len(base)], camelCase(name))
		addresses = append(addresses, field{name, uri(suffix, segments...)})
	}
	return addresses
}

// stage is a status and the age at which a resource reaches it.
type stage struct {
	age    time.Duration
	status string
}

// reached is the last stage that a resource of this age has come to.
func reached(stages []stage, age time.Duration) stage {
	last := stages[0]
	for _, stage := range stages[1:] {
		if age >= stage.age {
			last = stage
		}
	}
	return last
}

// date writes a time as the 2010 API does, in RFC 2822; a time that has not come is null.
func date(moment time.Time) any {
	if moment.IsZero() {
		return nil
	}
	return moment.UTC().Format(time.RFC1123Z)
}

// orNull is null where nothing was said.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// camelCase turns the JSON name of a field into that of its XML element.
func camelCase(name string) string {
	var words strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			words.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return words.String()
}
