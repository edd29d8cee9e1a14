package console

import (
	"net/http"
	"strings"
	"time"
)

// openingRequest is what is written into the form that asks for an opening.
type openingRequest struct {
	Account, Channel, To, Class, From, Until, Reason, Ticket string
	Acknowledged                                             bool
	// Once is the name of this form, which is taken one time.
	Once    string
	Problem *problem
}

// Classes are the risk classes of calls.
func (openingRequest) Classes() []string {
	return []string{"low_risk", "high_risk_special", "high_risk_tollfraud"}
}

// suggestedTime is how long an opening is that nothing is written of.
const suggestedTime = "7d"

// newOpening shows the form, with what the address of the page states.
func newOpening(v *visit) (page, error) {
	asked := v.r.URL.Query()
	form := &openingRequest{
		Account: asked.Get("account"), Channel: asked.Get("channel"), To: asked.Get("to"), Class: asked.Get("class"),
		Until: suggestedTime, Once: newForm(),
	}
	return v.openingRequestPage(form), nil
}

func (v *visit) openingRequestPage(form *openingRequest) page {
	return page{template: "opening_request", title: v.text("openings.ask"), data: form}
}

// requestOpening asks for an opening, once for each form: one that is ended would leave another.
func requestOpening(v *visit) (page, error) {
	field := func(name string) string { return strings.TrimSpace(v.r.PostForm.Get(name)) }
	form := &openingRequest{
		Account: field("account"), Channel: field("channel"), To: field("to"), Class: field("class"), From: field("from"),
		Until: field("until"), Reason: field("reason"), Ticket: field("ticket"), Acknowledged: field("acknowledged") == "true",
		Once: field("once"),
	}
	now := time.Now()
	body := map[string]any{
		"account": form.Account, "channel": form.Channel, "to": form.To, "until": timeOf(form.Until, now), "reason": form.Reason,
		"acknowledge_high_risk": form.Acknowledged,
	}
	optional := map[string]string{"from": timeOf(form.From, now), "ticket": form.Ticket}
	if form.Channel == "voice" {
		optional["class"] = form.Class
	}
	for name, value := range optional {
		if value != "" {
			body[name] = value
		}
	}
	return v.once(form.Once, func() (page, string, error) {
		var made struct {
			ID string `json:"id"`
		}
		_, err := v.do(call{method: http.MethodPost, path: "/openings", body: body}, &made)
		if err == nil {
			location := v.console.views.to("openings", made.ID)
			return page{location: location}, location, nil
		}
		p := v.openingRequestPage(form)
		err = v.orFormProblem(err, &p, &form.Problem)
		return p, "", err
	})
}
