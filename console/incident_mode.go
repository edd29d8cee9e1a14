package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// measure is something that incident mode does, and undoes.
type measure struct {
	// Name is that of its forms and texts, and Action what one must be permitted.
	Name, Action string
	// call asks the API to take it, by the fields of a form.
	call func(form url.Values) call
}

// measures are all of them, each before what undoes it.
var measures = []measure{
	{"suspend", "suspension.put", func(f url.Values) call {
		body := map[string]string{"reason": f.Get("reason")}
		if until := f.Get("until"); until != "" {
			body["until"] = until
		}
		return call{method: http.MethodPut, path: pathOf("suspensions", f.Get("account")), body: body}
	}},
	{"resume", "suspension.delete", func(f url.Values) call {
		return call{method: http.MethodDelete, path: pathOf("suspensions", f.Get("account")), query: because(f)}
	}},
	{"block", "block.add", func(f url.Values) call {
		return call{method: http.MethodPost, path: "/blocks", body: map[string]string{"block": f.Get("prefix"), "reason": f.Get("reason")}}
	}},
	{"unblock", "block.delete", func(f url.Values) call {
		return call{method: http.MethodDelete, path: pathOf("blocks", f.Get("id")), query: because(f)}
	}},
	{"panic", "panic", func(f url.Values) call {
		return call{method: http.MethodPost, path: "/panic", body: panicRequest{f.Get("reason"), strings.Fields(f.Get("protect"))}}
	}},
	{"undo", "panic.undo", func(f url.Values) call {
		return call{method: http.MethodPost, path: "/panic/undo", query: because(f)}
	}},
}

// panicRequest is the body of a panic.
type panicRequest struct {
	Reason  string   `json:"reason"`
	Protect []string `json:"protect,omitempty"`
}

// because is the reason of a form as a parameter.
func because(f url.Values) url.Values { return url.Values{"reason": {f.Get("reason")}} }

// measureNamed is the measure of a form.
func measureNamed(name string) (measure, bool) {
	for _, m := range measures {
		if m.Name == name {
			return m, true
		}
	}
	return measure{}, false
}

// incidentModePage is what incident mode shows.
type incidentModePage struct {
	Panic       *stateReason
	Suspensions []stated
	Blocks      []stated
	// Form has the fields that were sent, if the API did not take them, and Problem is why.
	Form    url.Values
	Problem *problem
	// Done is the measure that was taken.
	Done string
}

// stated is an object that the store keeps.
type stated struct {
	ID       string
	Document struct{ Reason, Until, Block, Allow string }
}

// UnmarshalJSON implements json.Unmarshaler: a block may be of several prefixes.
func (s *stated) UnmarshalJSON(text []byte) error {
	var read struct {
		ID       string
		Document struct {
			Reason, Until string
			Block, Allow  json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	s.ID, s.Document.Reason, s.Document.Until = read.ID, read.Document.Reason, read.Document.Until
	s.Document.Block, s.Document.Allow = words(read.Document.Block), words(read.Document.Allow)
	return nil
}

// words are a text, or a list of texts, for people.
func words(text json.RawMessage) string {
	var one string
	if json.Unmarshal(text, &one) == nil {
		return one
	}
	var several []string
	_ = json.Unmarshal(text, &several)
	return strings.Join(several, " ")
}

// incidentMode shows what is in force, and offers what the client may do.
func incidentMode(v *visit) (page, error) {
	asked := v.r.URL.Query()
	data := &incidentModePage{Form: url.Values{"account": {asked.Get("account")}, "prefix": {asked.Get("prefix")}}}
	if m, ok := measureNamed(asked.Get("done")); ok {
		data.Done = m.Name
	}
	return data.page(v)
}

func (data *incidentModePage) page(v *visit) (page, error) {
	p := page{template: "incident_mode", title: v.text("incident_mode.title"), data: data}
	if data.Problem != nil {
		p.status = data.Problem.Status
	}
	found := new(stateReason)
	if err := v.get(found, "/panic", nil); err == nil {
		data.Panic = found
	} else if !isNotFound(err) {
		return page{}, err
	}
	for _, list := range []struct {
		path  string
		query url.Values
		into  *[]stated
	}{
		{"/suspensions", url.Values{"state": {"in_force"}, "limit": {"1000"}}, &data.Suspensions},
		{"/blocks", url.Values{"limit": {"1000"}}, &data.Blocks},
	} {
		var read struct{ Items []stated }
		if err := v.get(&read, list.path, list.query); err != nil {
			return page{}, err
		}
		*list.into = read.Items
	}
	return p, nil
}

// asking is what the client is asked before a measure is taken.
type asking struct {
	Name string
	// Object is what it is about, if it is not about everything.
	Object string
	Form   url.Values
	// Would is what it would do.
	Would struct {
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
}

// mostShown is how many changes and territories in use the client is shown.
const mostShown = 20

// Shown are the changes that are shown, and More how many there are besides.
func (a *asking) Shown() any { return a.Would.Difference[:min(len(a.Would.Difference), mostShown)] }

// More is how many changes are not shown.
func (a *asking) More() int { return max(len(a.Would.Difference)-mostShown, 0) }

// InUse are the territories in use that are shown.
func (a *asking) InUse() any { return a.Would.InUse[:min(len(a.Would.InUse), mostShown)] }

// takeMeasure takes a measure, once the client was shown what it does and is sure.
func takeMeasure(v *visit) (page, error) {
	form := v.r.PostForm
	m, ok := measureNamed(form.Get("do"))
	if !ok {
		return notFound(v)
	}
	form.Set("until", timeOf(form.Get("until"), time.Now()))
	asked := m.call(form)
	if strings.TrimSpace(form.Get("reason")) == "" { // of some the API would ask for it only when it is done
		return refill(v, form, &problem{Status: http.StatusUnprocessableEntity, Detail: v.text("incident_mode.reason_missing")})
	}
	if form.Get("sure") == "" {
		if asked.query == nil {
			asked.query = url.Values{}
		}
		asked.query.Set("dry_run", "true")
	}
	would := &asking{Name: m.Name, Form: form}
	for _, field := range []string{"account", "prefix", "shown"} {
		if would.Object == "" {
			would.Object = form.Get(field)
		}
	}
	_, err := v.do(asked, &would.Would)
	if p, isProblem := err.(*problem); isProblem && (p.Status == http.StatusUnprocessableEntity || p.Status == http.StatusNotFound) {
		return refill(v, form, p)
	}
	if err != nil {
		return page{}, err
	}
	if form.Get("sure") == "" {
		return page{template: "incident_sure", title: v.text("incident_mode.sure_" + m.Name), data: would}, nil
	}
	return page{location: v.console.views.to("now", "incident") + "?" + url.Values{"done": {m.Name}}.Encode()}, nil
}

// refill shows the forms again, with what was in them and what is wrong.
func refill(v *visit, form url.Values, p *problem) (page, error) {
	return (&incidentModePage{Form: form, Problem: p}).page(v)
}
