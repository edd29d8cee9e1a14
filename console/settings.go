package console

import (
	"encoding/json"
	"errors"
	"net/http"
)

// settingsPage is what the store states for all accounts, with what a change of it would do.
type settingsPage struct {
	// Text is the document as it is written into the form.
	Text string
	// Match is the ETag of the document that one started from.
	Match string
	Terms terms
	// Acknowledged says that one knows of the risk.
	Acknowledged bool
	// Preview is what the change would do; nil before that is asked for.
	Preview *preview
	Problem *problem
}

// preview is what a change would do.
type preview struct {
	Changed    bool
	Opens      int
	Closes     int
	Difference []struct{ Direction, Account, Label, Text string }
	// InUse is how many territories are closed to which something was sent recently.
	InUse int `json:"closes_in_use"`
}

// settings shows what the store states for all accounts, in a form for those who may change it.
func settings(v *visit) (page, error) {
	var text json.RawMessage
	header, err := v.do(call{path: "/settings"}, &text)
	if err != nil {
		return page{}, err
	}
	shown := &settingsPage{Text: indented(text), Match: header.Get("ETag")}
	if shown.Match == "" {
		shown.Match = absent
	}
	return v.settingsPage(shown), nil
}

func (v *visit) settingsPage(shown *settingsPage) page {
	return page{template: "settings", title: v.text("policy.settings"), data: shown}
}

// putSettings shows what a change of the settings would do, or makes it.
func putSettings(v *visit) (page, error) {
	shown := &settingsPage{Text: v.field("document"), Match: v.field("match"), Terms: v.terms(), Acknowledged: v.field("acknowledged") != ""}
	p := v.settingsPage(shown)
	step := v.field("step")
	if step == "edit" {
		return p, nil
	}
	if step == "fields" {
		written, err := v.withFields(v.field("stated"))
		if err != nil {
			return page{}, err
		}
		shown.Text = written
	}
	if !json.Valid([]byte(shown.Text)) {
		shown.Problem = &problem{Status: http.StatusUnprocessableEntity, Detail: notJSON(v, shown.Text)}
		p.status = shown.Problem.Status
		return p, nil
	}
	if step == "commit" && shown.Terms.Reason == "" {
		shown.Problem = &problem{Status: http.StatusUnprocessableEntity, Detail: v.text("keys.reason_missing")}
		p.status = shown.Problem.Status
	}
	change := call{method: http.MethodPut, path: "/settings", body: json.RawMessage(shown.Text), match: shown.Match, query: shown.Terms.query()}
	if step == "commit" && shown.Problem == nil {
		if shown.Acknowledged {
			change.query.Set("acknowledge_high_risk", "true")
		}
		_, err := v.do(change, nil)
		if err == nil {
			return page{location: v.console.views.to("policy", "")}, nil
		}
		if err := v.orSettingsProblem(err, &p, shown); err != nil {
			return page{}, err
		}
	}
	change.query.Set("dry_run", "true")
	would := new(preview)
	_, err := v.do(change, would)
	if err == nil {
		shown.Preview = would
		return p, nil
	}
	return p, v.orSettingsProblem(err, &p, shown)
}

// orSettingsProblem makes what the API finds wrong with the settings a part of the page: also that
// someone else has changed them meanwhile.
func (v *visit) orSettingsProblem(err error, p *page, shown *settingsPage) error {
	if found := (*problem)(nil); errors.As(err, &found) && found.Status == http.StatusPreconditionFailed {
		changed := *found
		changed.Detail = v.text("policy.settings_changed")
		shown.Problem, p.status = &changed, found.Status
		return nil
	}
	return v.orProblem(err, p, &shown.Problem)
}

// notJSON says what is wrong with a text that is not JSON.
func notJSON(v *visit, text string) string {
	var value any
	return v.text("policy.not_json", json.Unmarshal([]byte(text), &value))
}
