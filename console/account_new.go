package console

import (
	"errors"
	"net/http"
	"slices"
)

// accountForm is what is written into the form of a new account.
type accountForm struct {
	ID, Label, Parent string
	// At are the fields of its ids at carriers, if it has a name of its own.
	At []carrierAccount
	// Trial says that it is a trial account, which sends at home alone.
	Trial bool
	// Home is a territory. ClientIP is the address of a client, whose country is home.
	Home, ClientIP string
	// Verified are the numbers that a trial account may call.
	Verified string
	// Acknowledged says that one knows of the risk of its home.
	Acknowledged bool
	Terms        terms
	// Once is the name of this form, which is taken one time.
	Once    string
	Problem *problem
}

// carrierAccount is the id of an account at a carrier.
type carrierAccount struct{ Carrier, ID string }

// newAccount shows the form of a new account.
func newAccount(v *visit) (page, error) {
	if err := v.permitted("account.put"); err != nil {
		return page{}, err
	}
	form := &accountForm{Parent: v.r.URL.Query().Get("parent"), Once: newForm()}
	return v.newAccountPage(form), v.readCarriers(form)
}

func (v *visit) newAccountPage(form *accountForm) page {
	return page{template: "account_new", title: v.text("account_new.title"), data: form}
}

// readCarriers gives the form a field for each carrier, with what was written into it.
func (v *visit) readCarriers(form *accountForm) error {
	known, err := v.territories()
	if err != nil {
		return err
	}
	for _, t := range known {
		for _, e := range t.Entries {
			isOf := func(a carrierAccount) bool { return a.Carrier == e.Carrier }
			if e.Carrier != "" && !slices.ContainsFunc(form.At, isOf) {
				form.At = append(form.At, carrierAccount{e.Carrier, v.field("at-" + e.Carrier)})
			}
		}
	}
	return nil
}

// createAccount creates an account that does not exist yet, and leads to its page.
func createAccount(v *visit) (page, error) {
	form := &accountForm{
		ID: v.field("id"), Label: v.field("label"), Parent: v.field("parent"), Trial: v.field("kind") == "trial",
		Home: v.field("home"), ClientIP: v.field("client_ip"), Verified: v.field("verified"),
		Acknowledged: v.field("acknowledged") == "true", Terms: v.terms(), Once: v.field("once"),
	}
	if err := v.readCarriers(form); err != nil {
		return page{}, err
	}
	p := v.newAccountPage(form)
	refuse := func(status int, text string) (page, string, error) {
		form.Problem, p.status = &problem{Status: status, Detail: text}, status
		return p, "", nil
	}
	return v.once(form.Once, func() (page, string, error) {
		switch {
		case form.ID == "":
			return refuse(http.StatusUnprocessableEntity, v.text("account_new.name_missing"))
		case form.Terms.Reason == "":
			return refuse(http.StatusUnprocessableEntity, v.text("keys.reason_missing"))
		case !form.Trial && (form.ClientIP != "" || form.Verified != ""):
			return refuse(http.StatusUnprocessableEntity, v.text("account_new.only_trial"))
		}
		var made struct{ ID string }
		_, err := v.do(form.call(), &made)
		if found := (*problem)(nil); errors.As(err, &found) {
			switch found.Status {
			case http.StatusPreconditionFailed:
				return refuse(http.StatusConflict, v.text("account_new.exists", form.ID))
			case http.StatusUnprocessableEntity, http.StatusConflict, http.StatusServiceUnavailable:
				form.Problem, p.status = found, found.Status
				return p, "", nil
			}
		}
		if err != nil {
			return page{}, "", err
		}
		location := v.console.views.to("accounts", made.ID)
		return page{location: location}, location, nil
	})
}

// call asks the API for the account, which must not exist.
func (f *accountForm) call() call {
	at := make(map[string]string)
	for _, a := range f.At {
		if a.ID != "" {
			at[a.Carrier] = a.ID
		}
	}
	body := map[string]any{}
	if len(at) > 0 {
		body["at"] = at
	}
	for name, value := range map[string]string{"label": f.Label, "parent": f.Parent, "home": f.Home} {
		if value != "" {
			body[name] = value
		}
	}
	asked := call{method: http.MethodPut, path: pathOf("accounts", f.ID), query: f.Terms.query(), body: body, match: absent}
	if f.Acknowledged {
		asked.query.Set("acknowledge_high_risk", "true")
	}
	if f.Trial {
		body["id"], body["trial"] = f.ID, true
		if f.ClientIP != "" {
			body["client_ip"] = f.ClientIP
		}
		if numbers := wordsOf(f.Verified); len(numbers) > 0 {
			body["verified"] = numbers
		}
		asked.method, asked.path, asked.match = http.MethodPost, "/accounts", ""
	}
	return asked
}
