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

// change is what a form asks for: switches that are turned, or a list that the account states no
// more.
type change struct {
	edits []edit
	// inherit is the channel of that list; empty is none.
	inherit string
}

// call is the request that makes the change. A list that is inherited becomes the account's own
// only where that is to end.
func (c *change) call(id string, endInheritance bool) call {
	if c.inherit != "" {
		return call{method: http.MethodPatch, path: pathOf("accounts", id), body: map[string]any{c.inherit: nil}}
	}
	return call{method: http.MethodPost, path: pathOf("accounts", id, "territories", "edit"), body: struct {
		Edits          []edit `json:"edits"`
		EndInheritance bool   `json:"end_inheritance"`
	}{c.edits, endInheritance}}
}

// changeOf reads the change that a form asks for. What is wrong with it, the API says.
func changeOf(form url.Values) *change {
	c := new(change)
	if channel := form.Get("inherit"); slices.Contains(channels, channel) {
		c.inherit = channel
		return c
	}
	for _, text := range form["edit"] {
		c.edits = append(c.edits, readEdit(text))
	}
	return c
}

// opens and closes are how a form writes what an edit does.
const opens, closes = "open", "close"

// readEdit reads an edit as a form writes it: what is done, and the switch.
func readEdit(text string) edit {
	parts := append(strings.SplitN(text, "/", 4), "", "", "", "")
	e := edit{Channel: parts[1], Class: parts[2], Territory: parts[3], Open: parts[0] == opens}
	if e.Channel != "voice" && e.Class == noClass {
		e.Class = ""
	}
	return e
}

// text is the edit as a form writes it.
func (e *edit) text() string {
	does := closes
	if e.Open {
		does = opens
	}
	return does + "/" + switchOf(e.Channel, e.Class, e.Territory)
}

// turned are the switches that are not as they were when the page was made.
func turned(was, is []string) (turned []edit) {
	for _, name := range is {
		if !slices.Contains(was, name) {
			turned = append(turned, readEdit(opens+"/"+name))
		}
	}
	for _, name := range was {
		if !slices.Contains(is, name) {
			turned = append(turned, readEdit(closes+"/"+name))
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
	// Edits are those of the form, as it writes them, and Inherit the list that is stated no more.
	Edits   []string
	Inherit string
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
	// Sent is how many the account has sent to it recently. It is not known by sender.
	Sent int64
}

// previewEdits shows what the switches of a form would open and close.
func previewEdits(v *visit) (page, error) {
	form := v.r.PostForm
	c := changeOf(form)
	if c.inherit == "" {
		c.edits = turned(strings.Fields(form.Get("was")), form["on"])
	}
	if c.inherit == "" && len(c.edits) == 0 {
		return page{location: v.accountAt(v.r.PathValue("id"), form.Get("channel"), "")}, nil
	}
	return v.preview(c, nil)
}

// mostUndone bounds how many switches a page offers to turn back: they are in its address.
const mostUndone = 40

// accountAt is the path of an account's page. Since is the ETag of a change just made, and edits
// what it turned.
func (v *visit) accountAt(id, channel, since string, edits ...edit) string {
	query := url.Values{"channel": {channel}}
	if since != "" {
		query.Set("since", since)
	}
	for i := range edits {
		if len(edits) <= mostUndone {
			query.Add("edit", edits[i].text())
		}
	}
	return v.console.views.to("accounts", id) + "?" + query.Encode()
}

// preview shows what a change would do, and why it was refused if it was.
func (v *visit) preview(c *change, refused *problem) (page, error) {
	form := v.r.PostForm
	p := &previewPage{
		ID: v.r.PathValue("id"), Account: new(accountLists), Channel: form.Get("channel"),
		Reason: form.Get("reason"), Ticket: form.Get("ticket"), Inherit: c.inherit, Problem: refused,
	}
	shown := page{template: "preview", title: v.text("preview.title"), data: p}
	if refused != nil {
		shown.status = refused.Status
	}
	for i := range c.edits {
		p.Edits = append(p.Edits, c.edits[i].text())
	}
	var err error
	if p.Match, err = v.tagOf(p.ID); err != nil {
		return page{}, err
	}
	if err := v.get(p.Account, pathOf("accounts", p.ID, "territories"), nil); err != nil {
		return page{}, err
	}
	for _, l := range p.Account.on(p.Channel) {
		if !l.IsOwn() && c.inherit == "" {
			p.List = &l
		}
	}
	known, err := v.territories()
	if err != nil {
		return page{}, err
	}
	tried := c.call(p.ID, true)
	tried.query, tried.match = url.Values{"dry_run": {"true"}}, p.Match
	_, err = v.do(tried, &p.Result)
	if found := (*problem)(nil); errors.As(err, &found) {
		if err = nil; refused == nil {
			p.Problem, shown.status = found, found.Status
		}
	}
	if err != nil {
		return page{}, err
	}
	p.explain(c.edits, known)
	return shown, v.countCloses(p.Closes)
}

// explain gathers what the change does, by territory.
func (p *previewPage) explain(edits []edit, known []territory) {
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
			row := changedTerritory{c, t, t.Examples[cmp.Or(c.Class, noClass)], 0}
			if c.Direction == "opens" {
				p.Opens = append(p.Opens, row)
			} else {
				p.Closes = append(p.Closes, row)
			}
		}
	}
	for _, e := range edits {
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
	c := changeOf(form)
	asked := c.call(id, form.Get("end_inheritance") == "true")
	asked.query, asked.match = make(url.Values), form.Get("match")
	for field, name := range map[string]string{"reason": "reason", "ticket": "ticket", "acknowledge": "acknowledge_high_risk"} {
		if text := strings.TrimSpace(form.Get(field)); text != "" {
			asked.query.Set(name, text)
		}
	}
	made, err := v.do(asked, nil)
	if refused := (*problem)(nil); errors.As(err, &refused) && refused.Status < http.StatusInternalServerError && refused.Status != http.StatusForbidden {
		return v.preview(c, refused)
	}
	if err != nil {
		return page{}, err
	}
	return page{location: v.accountAt(id, form.Get("channel"), made.Get("ETag"), c.edits...)}, nil
}
