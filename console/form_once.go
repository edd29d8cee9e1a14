package console

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"slices"
	"sync"
)

// mostForms bounds how many forms are remembered that were taken: the oldest go.
const mostForms = 1000

// takenForms are the forms that were taken, by their names, with where what they made is. A form
// that a browser sends a second time makes nothing more, and is answered with that.
type takenForms struct {
	mu    sync.Mutex
	forms []takenForm
}

// takenForm is one by the digest of its name and of who sent it, however long that is.
type takenForm struct {
	digest   [sha256.Size]byte
	location string
}

// newForm is the name of a form.
func newForm() string { return rand.Text() }

// once lets a form make something, unless it has. Issue returns where what it made is; empty if it
// made nothing, and the form may be sent again.
func (v *visit) once(name string, issue func() (page, string, error)) (page, error) {
	if name == "" {
		return page{}, &problem{Status: http.StatusForbidden, Detail: v.text("error.old_form")}
	}
	digest := sha256.Sum256([]byte(v.identity.Identity + "\n" + name))
	taken := &v.console.taken
	// Two at once: the second waits for what the first makes.
	taken.mu.Lock()
	defer taken.mu.Unlock()
	for _, form := range taken.forms {
		if form.digest == digest {
			return page{location: form.location}, nil
		}
	}
	p, location, err := issue()
	if location != "" {
		if len(taken.forms) >= mostForms {
			taken.forms = slices.Delete(taken.forms, 0, 1)
		}
		taken.forms = append(taken.forms, takenForm{digest, location})
	}
	return p, err
}
