package sandbox

import (
	"net/http"
	"strings"
	"time"
	"unicode"
)

// shelf is the shelf of the resources that a path names.
func (t target) shelf() shelf { return shelf{t.account, t.resource} }

func fetchResource(s *Sandbox, x *exchange) (answer, *failure) {
	found, known := s.resources.find(x.shelf(), x.sid)
	if !known {
		return answer{}, x.notFound()
	}
	return answer{http.StatusOK, found.document(x)}, nil
}

// deleteResource deletes at once. Twilio refuses until a message or call has ended, but
// tests should not have to wait.
func deleteResource(s *Sandbox, x *exchange) (answer, *failure) {
	if !s.resources.remove(x.shelf(), x.sid) {
		return answer{}, x.notFound()
	}
	return answer{status: http.StatusNoContent}, nil
}

// listResources applies the filters To and From and ignores all others.
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

// subresources are the addresses below a resource, by their names in the answer.
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

// reached returns the last stage that a resource of this age has reached.
func reached(stages []stage, age time.Duration) stage {
	last := stages[0]
	for _, stage := range stages[1:] {
		if age >= stage.age {
			last = stage
		}
	}
	return last
}

// date writes a time as the 2010 API does, in RFC 2822; the zero time is null.
func date(moment time.Time) any {
	if moment.IsZero() {
		return nil
	}
	return moment.UTC().Format(time.RFC1123Z)
}

// orNull turns an empty text into null.
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

// snakeCase is the JSON name of a resource that a path names: PhoneNumbers is phone_numbers.
func snakeCase(segment string) string {
	var name strings.Builder
	for position, letter := range segment {
		if position > 0 && letter >= 'A' && letter <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(letter))
	}
	return name.String()
}
