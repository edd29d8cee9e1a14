package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// measure is something that incident mode does, and undoes.
type measure struct {
	// Name is that of its forms and texts, and Action what one must be permitted.
	Name, Action string
	// call asks the API to take it, by the fields of a form.
	call func(form url.Values) call
	// object is the path of what it changes, by the fields of a form; nil if it makes something new.
	object func(form url.Values) string
	// ofAll says that it changes all accounts at once. One of them changes at any time, so what
	// it does to each is not compared with what was shown.
	ofAll bool
}

// measures are all of them, each before what undoes it.
var measures = []measure{
	{Name: "suspend", Action: "suspension.put", object: suspensionOf, call: func(f url.Values) call {
		body := map[string]string{"reason": f.Get("reason")}
		if until := f.Get("until"); until != "" {
			body["until"] = until
		}
		return call{method: http.MethodPut, path: suspensionOf(f), body: body}
	}},
	{Name: "resume", Action: "suspension.delete", object: suspensionOf, call: func(f url.Values) call {
		return call{method: http.MethodDelete, path: suspensionOf(f), query: because(f)}
	}},
	{Name: "block", Action: "block.add", call: func(f url.Values) call {
		return call{method: http.MethodPost, path: "/blocks", body: map[string]string{"block": f.Get("prefix"), "reason": f.Get("reason")}}
	}},
	{Name: "unblock", Action: "block.delete", object: blockOf, call: func(f url.Values) call {
		return call{method: http.MethodDelete, path: blockOf(f), query: because(f)}
	}},
	{Name: "panic", Action: "panic", object: thePanic, ofAll: true, call: func(f url.Values) call {
		return call{method: http.MethodPost, path: thePanic(f), body: panicRequest{f.Get("reason"), strings.Fields(f.Get("protect"))}}
	}},
	{Name: "undo", Action: "panic.undo", object: thePanic, ofAll: true, call: func(f url.Values) call {
		return call{method: http.MethodPost, path: thePanic(f) + "/undo", query: because(f)}
	}},
}

// The objects of measures, by the fields of a form.
func suspensionOf(f url.Values) string { return pathOf("suspensions", f.Get("account")) }
func blockOf(f url.Values) string      { return pathOf("blocks", f.Get("id")) }
func thePanic(url.Values) string       { return "/panic" }

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

// refill shows the forms again, with what was in them and what is wrong.
func refill(v *visit, form url.Values, p *problem) (page, error) {
	return (&incidentModePage{Form: form, Problem: p}).page(v)
}
