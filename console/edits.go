package console

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// edit is a switch that is turned, as the API has it.
type edit struct {
	Channel   string `json:"channel"`
	Class     string `json:"class,omitempty"`
	Territory string `json:"territory"`
	Open      bool   `json:"open"`
}

// edits are what a form turns.
type edits struct {
	Edits          []edit `json:"edits"`
	EndInheritance bool   `json:"end_inheritance"`
}

// opening and closing are how a form writes what an edit does.
const opening, closing = "open", "close"

// readEdit reads an edit as a form writes it: what is done, and the switch. What is wrong with it,
// the API says.
func readEdit(text string) edit {
	parts := append(strings.SplitN(text, "/", 4), "", "", "", "")
	e := edit{Channel: parts[1], Class: parts[2], Territory: parts[3], Open: parts[0] == opening}
	if e.Channel != "voice" && e.Class == noClass {
		e.Class = ""
	}
	return e
}

// text is the edit as a form writes it.
func (e *edit) text() string {
	does := closing
	if e.Open {
		does = opening
	}
	return does + "/" + switchOf(e.Channel, e.Class, e.Territory)
}

// turned are the switches that are not as they were when the page was made.
func turned(was, is []string) (turned []edit) {
	for _, name := range is {
		if !slices.Contains(was, name) {
			turned = append(turned, readEdit(opening+"/"+name))
		}
	}
	for _, name := range was {
		if !slices.Contains(is, name) {
			turned = append(turned, readEdit(closing+"/"+name))
		}
	}
	return turned
}

// changeResult is what the API answers to a change.
type changeResult struct {
	Changed    bool           `json:"changed"`
	Difference []statedChange `json:"difference"`
	HighRisk   []string       `json:"high_risk"`
	Concerned  *struct {
		Accounts int `json:"accounts"`
		Compared int `json:"compared"`
		Changed  int `json:"changed"`
		Listed   int `json:"listed"`
	} `json:"concerned"`
	ClosesInUse int `json:"closes_in_use"`
	InUse       []struct {
		Account   string `json:"account"`
		Channel   string `json:"channel"`
		Territory string `json:"territory"`
		Class     string `json:"class"`
		Last      string `json:"last"`
	} `json:"in_use"`
}

// statedChange is one thing that changes.
type statedChange struct {
	Direction   string   `json:"direction"`
	Account     string   `json:"account"`
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Sender      string   `json:"sender"`
	Channel     string   `json:"channel"`
	Class       string   `json:"class"`
	Territories []string `json:"territories"`
	What        string   `json:"what"`
	Text        string   `json:"text"`
}

// previewPage is what a change would do, before it is made.
type previewPage struct {
	ID      string
	Account *accountLists
	Channel string
	// Edits are those of the form, as it writes them.
	Edits []string
	// Match is the ETag of the account that was asked.
	Match string
	// List is the one that becomes the account's own, if one does.
	List   *accountList
	Result changeResult
	// Opens and Closes are the territories, and Changes all else.
	Opens, Closes []changedTerritory
	Changes       []statedChange
	// ByRequest are territories that the carrier opens by request only.
	ByRequest []string
	// Reason and Ticket are what the client has written.
	Reason, Ticket string
	// Problem is why the change was not made.
	Problem *problem
}

// NeedsAcknowledgement reports whether the author must say that they know.
func (p *previewPage) NeedsAcknowledgement() bool {
	return len(p.Result.HighRisk) > 0 || len(p.ByRequest) > 0
}

// changedTerritory is one that opens or closes, with a number of it.
type changedTerritory struct {
	Change    statedChange
	Territory *territory
	Example   string
}

// previewEdits shows what the switches of a form would open and close.
func previewEdits(v *visit) (page, error) {
	form := v.r.PostForm
	changed := turned(strings.Fields(form.Get("was")), form["on"])
	if len(changed) == 0 {
		return page{location: v.accountAt(v.r.PathValue("id"), form.Get("channel"), "")}, nil
	}
	return v.preview(changed, nil)
}

// accountAt is the path of an account's page. Since is the ETag of a change just made.
func (v *visit) accountAt(id, channel, since string) string {
	query := url.Values{"channel": {channel}}
	if since != "" {
		query.Set("since", since)
	}
	return v.console.views.to("accounts", id) + "?" + query.Encode()
}

// preview shows what edits would do, and why they were refused if they were.
func (v *visit) preview(changed []edit, refused *problem) (page, error) {
	form := v.r.PostForm
	p := &previewPage{
		ID: v.r.PathValue("id"), Account: new(accountLists), Channel: form.Get("channel"),
		Reason: form.Get("reason"), Ticket: form.Get("ticket"), Problem: refused,
	}
	shown := page{template: "preview", title: v.text("preview.title"), data: p}
	if refused != nil {
		shown.status = refused.Status
	}
	for i := range changed {
		p.Edits = append(p.Edits, changed[i].text())
	}
	var err error
	if p.Match, err = v.tagOf(p.ID); err != nil {
		return page{}, err
	}
	if err := v.get(p.Account, pathOf("accounts", p.ID, "territories"), nil); err != nil {
		return page{}, err
	}
	for _, l := range p.Account.on(p.Channel) {
		if !l.IsOwn() {
			p.List = &l
		}
	}
	known, err := v.territories()
	if err != nil {
		return page{}, err
	}
	_, err = v.do(call{method: http.MethodPost, path: pathOf("accounts", p.ID, "territories", "edit"), query: url.Values{"dry_run": {"true"}},
		body: edits{changed, true}, match: p.Match}, &p.Result)
	if found := (*problem)(nil); errors.As(err, &found) && refused == nil {
		p.Problem, shown.status = found, found.Status
		err = nil
	}
	p.explain(changed, known)
	return shown, err
}

// explain gathers what the change does, by territory.
func (p *previewPage) explain(changed []edit, known []territory) {
	byCode := make(map[string]*territory)
	for i := range known {
		byCode[known[i].Code] = &known[i]
	}
	for _, c := range p.Result.Difference {
		if c.What != "territories" {
			p.Changes = append(p.Changes, c)
			continue
		}
		for _, code := range c.Territories {
			t := byCode[code]
			if t == nil {
				continue
			}
			row := changedTerritory{c, t, t.Examples[cmp.Or(c.Class, noClass)]}
			if c.Direction == "opens" {
				p.Opens = append(p.Opens, row)
			} else {
				p.Closes = append(p.Closes, row)
			}
		}
	}
	for _, e := range changed {
		t := byCode[e.Territory]
		if t == nil || !e.Open {
			continue
		}
		for _, f := range t.Flags {
			if f.Flag == "by_request" && f.Channel == e.Channel && !slices.Contains(p.ByRequest, t.Name) {
				p.ByRequest = append(p.ByRequest, t.Name)
			}
		}
	}
}

// makeEdits makes a change that was previewed.
func makeEdits(v *visit) (page, error) {
	form, id := v.r.PostForm, v.r.PathValue("id")
	var changed []edit
	for _, text := range form["edit"] {
		changed = append(changed, readEdit(text))
	}
	query := url.Values{}
	for field, name := range map[string]string{"reason": "reason", "ticket": "ticket", "acknowledge": "acknowledge_high_risk"} {
		if text := strings.TrimSpace(form.Get(field)); text != "" {
			query.Set(name, text)
		}
	}
	made, err := v.do(call{method: http.MethodPost, path: pathOf("accounts", id, "territories", "edit"), query: query,
		body: edits{changed, form.Get("end_inheritance") == "true"}, match: form.Get("match")}, nil)
	if refused := (*problem)(nil); errors.As(err, &refused) && refused.Status < http.StatusInternalServerError && refused.Status != http.StatusForbidden {
		return v.preview(changed, refused)
	}
	if err != nil {
		return page{}, err
	}
	return page{location: v.accountAt(id, form.Get("channel"), made.Get("ETag"))}, nil
}
