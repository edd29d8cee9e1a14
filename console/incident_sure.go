package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// asking is what the client is asked before a measure is taken.
type asking struct {
	Name string
	// Object is what it is about, if it is not about everything.
	Object string
	Form   url.Values
	// Match is how the object must be for the measure to be taken, as a call has it.
	Match string
	Would measureResult
	// Effect is a digest of what it would do.
	Effect string
	// Problem is why it was not taken.
	Problem *problem
}

// measureResult is what a measure would do, as the API answers it.
type measureResult struct {
	Closes      *int `json:"closes"`
	Opens       *int `json:"opens"`
	ClosesInUse int  `json:"closes_in_use"`
	InUse       []struct {
		Account, Channel, Territory, Class string
	} `json:"in_use"`
	Difference []struct {
		Direction, Account, Name, Text string
	} `json:"difference"`
	Changed bool `json:"changed"`
}

// mostShown is how many changes and territories in use the client is shown.
const mostShown = 20

// Shown are the changes that are shown, and More how many there are besides.
func (a *asking) Shown() any { return a.Would.Difference[:min(len(a.Would.Difference), mostShown)] }

// More is how many changes are not shown.
func (a *asking) More() int { return max(len(a.Would.Difference)-mostShown, 0) }

// InUse are the territories in use that are shown.
func (a *asking) InUse() any { return a.Would.InUse[:min(len(a.Would.InUse), mostShown)] }

// takeMeasure takes a measure, once the client was shown what it does and is sure. If that is not
// what it does now, the client is shown it again.
func takeMeasure(v *visit) (page, error) {
	form := v.r.PostForm
	m, ok := measureNamed(form.Get("do"))
	if !ok {
		return notFound(v)
	}
	if v.field("reason") == "" { // of some the API would ask for it only when it is done
		return refill(v, form, &problem{Status: http.StatusUnprocessableEntity, Detail: v.text("incident_mode.reason_missing")})
	}
	form.Set("until", timeOf(form.Get("until"), time.Now()))
	would, err := v.try(m)
	if err != nil {
		return v.orRefill(err)
	}
	if form.Get("sure") == "" {
		return v.sure(would), nil
	}
	if would.Match != form.Get("match") || would.Effect != form.Get("effect") {
		return v.sureAgain(would), nil
	}
	taken := m.call(form)
	taken.match = would.Match
	_, err = v.do(taken, nil)
	if p := (*problem)(nil); errors.As(err, &p) && p.Status == http.StatusPreconditionFailed {
		if would, err = v.try(m); err == nil {
			return v.sureAgain(would), nil
		}
	}
	if err != nil {
		return v.orRefill(err)
	}
	return page{location: v.console.views.to("now", "incident") + "?" + url.Values{"done": {m.Name}}.Encode()}, nil
}

// try finds what a measure would do, and how its object is.
func (v *visit) try(m measure) (*asking, error) {
	form := v.r.PostForm
	would := &asking{Name: m.Name, Form: form}
	for _, field := range []string{"account", "prefix", "shown"} {
		if would.Object == "" {
			would.Object = form.Get(field)
		}
	}
	if m.object != nil {
		var err error
		if would.Match, err = v.matchOf(m.object(form)); err != nil {
			return nil, err
		}
	}
	tried := m.call(form)
	if tried.query == nil {
		tried.query = make(url.Values)
	}
	tried.query.Set("dry_run", "true")
	tried.match = would.Match
	if _, err := v.do(tried, &would.Would); err != nil {
		return nil, err
	}
	would.Effect = would.Would.digest(m.ofAll)
	return would, nil
}

// matchOf is how an object is now, as a call has it.
func (v *visit) matchOf(path string) (string, error) {
	header, err := v.do(call{path: path}, nil)
	if isNotFound(err) {
		return absent, nil
	}
	if err != nil {
		return "", err
	}
	return header.Get("ETag"), nil
}

// digest is one of what a measure does, without what was in use: sends change that at any time. Of
// one that changes all accounts, it is whether it changes anything.
func (r *measureResult) digest(ofAll bool) string {
	compared := measureResult{Changed: r.Changed}
	if !ofAll {
		compared.Opens, compared.Closes, compared.Difference = r.Opens, r.Closes, r.Difference
	}
	text, _ := json.Marshal(&compared) // it has nothing that cannot be written
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// sure asks the client whether to take a measure.
func (v *visit) sure(would *asking) page {
	return page{template: "incident_sure", title: v.text("incident_mode.sure_" + would.Name), data: would}
}

// sureAgain asks again, since something has changed meanwhile.
func (v *visit) sureAgain(would *asking) page {
	would.Problem = &problem{Status: http.StatusPreconditionFailed, Detail: v.text("incident_mode.changed_meanwhile")}
	p := v.sure(would)
	p.status = would.Problem.Status
	return p
}

// orRefill shows the forms again with what the API finds wrong with them. Every other error is
// returned.
func (v *visit) orRefill(err error) (page, error) {
	if p := (*problem)(nil); errors.As(err, &p) && (p.Status == http.StatusUnprocessableEntity || p.Status == http.StatusNotFound) {
		return refill(v, v.r.PostForm, p)
	}
	return page{}, err
}
