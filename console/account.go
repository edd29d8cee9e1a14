package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// channels in the order of their tabs.
var channels = []string{"messaging", "voice", "whatsapp", "rcs"}

// accountLists are the lists of territories in force for an account, as the API has them.
type accountLists struct {
	Account   string        `json:"account"`
	Label     string        `json:"label"`
	Parent    string        `json:"parent"`
	Stated    string        `json:"stated"`
	Suspended bool          `json:"suspended"`
	Policy    string        `json:"policy"`
	Lists     []accountList `json:"lists"`
}

// Name is what people call the account.
func (a *accountLists) Name() string {
	if a.Label != "" {
		return a.Label
	}
	return a.Account
}

// accountList is the list of a channel and, for calls, of a class.
type accountList struct {
	Channel     string            `json:"channel"`
	Class       string            `json:"class"`
	By          string            `json:"by"`
	For         string            `json:"for"`
	Territories []listedTerritory `json:"territories"`
}

// listedTerritory is a territory in a list, or about which something else decides.
type listedTerritory struct {
	Territory string    `json:"territory"`
	Listed    bool      `json:"listed"`
	Open      bool      `json:"open"`
	Reason    string    `json:"reason"`
	Rule      string    `json:"rule"`
	Until     time.Time `json:"until"`
}

// IsOwn reports whether the account states the list itself, for the channel itself.
func (l *accountList) IsOwn() bool { return l.By == "own" && l.For == l.Channel }

// on are the lists of a channel, one for each class.
func (a *accountLists) on(channel string) (lists []accountList) {
	for _, l := range a.Lists {
		if l.Channel == channel {
			lists = append(lists, l)
		}
	}
	return lists
}

// accountPage is what the page of an account shows.
type accountPage struct {
	Account *accountLists
	Tabs    []tab
	Channel string
	// Lists are those of the channel, one for each column of switches.
	Lists  []accountList
	Groups []group
	// Was are the switches that were on when the page was made.
	Was string
	// Find are the words by which territories are selected.
	Find     string
	Prefixes []decidedPrefix
	// Sent is how much was sent recently; nil if that is not known.
	Sent sentCounts
	// MayEdit says that the client may change the lists. Those that a file states no one may.
	MayEdit bool
	// IsNew says that the client has just changed them. Opened and Closed are the switches that the
	// change turned, if they are not too many to be turned back.
	IsNew          bool
	Opened, Closed []string
}

// tab leads to a channel.
type tab struct {
	Channel string
	// Open is how many territories are listed.
	Open int
}

// decidedPrefix is one that a rule or an opening decides about.
type decidedPrefix struct {
	Prefix      string    `json:"prefix"`
	Effect      string    `json:"effect"`
	Rule        string    `json:"rule"`
	Reason      string    `json:"reason"`
	Territories []string  `json:"territories"`
	Until       time.Time `json:"until"`
}

// accountOf shows the lists of an account.
func accountOf(v *visit) (page, error) {
	id, asked := v.r.PathValue("id"), v.r.URL.Query()
	p := &accountPage{Account: new(accountLists), Channel: asked.Get("channel"), Find: asked.Get("find")}
	if !slices.Contains(channels, p.Channel) {
		p.Channel = channels[0]
	}
	if err := v.get(p.Account, pathOf("accounts", id, "territories"), nil); err != nil {
		return v.byOwnName(id, asked, err)
	}
	known, err := v.territories()
	if err != nil {
		return page{}, err
	}
	var effective struct {
		Prefixes []decidedPrefix `json:"prefixes"`
	}
	if err := v.get(&effective, "/effective", url.Values{"account": {id}, "channel": {p.Channel}}); err != nil {
		return page{}, err
	}
	if p.Sent, err = v.recentSends(p.Account.Account); err != nil {
		var found *problem
		if !errors.As(err, &found) || found.Status < http.StatusInternalServerError {
			return page{}, err
		}
	}
	p.Lists, p.Prefixes = p.Account.on(p.Channel), effective.Prefixes
	p.MayEdit = p.Account.Stated == "store" && v.identity.May("account.patch")
	for _, channel := range channels {
		t := tab{Channel: channel}
		for _, l := range p.Account.on(channel) {
			t.Open = max(t.Open, l.listed())
		}
		p.Tabs = append(p.Tabs, t)
	}
	p.Groups = v.grouped(p.rows(known))
	if p.MayEdit && p.Find == "" { // of a part of a continent one would take it for that part
		for i := range p.Groups {
			p.Groups[i].Whole = p.whole(&p.Groups[i])
		}
	}
	var was []string
	for _, g := range p.Groups {
		for _, row := range g.Rows {
			for _, c := range row.Cells {
				if c.Listed {
					was = append(was, c.Switch)
				}
			}
		}
	}
	p.Was = strings.Join(was, " ")
	if since := asked.Get("since"); since != "" {
		tag, err := v.tagOf(id)
		if err != nil {
			return page{}, err
		}
		p.IsNew = tag == since
		for _, text := range asked["edit"] {
			if e := readEdit(text); e.Open {
				p.Opened = append(p.Opened, switchOf(e.Channel, e.Class, e.Territory))
			} else {
				p.Closed = append(p.Closed, switchOf(e.Channel, e.Class, e.Territory))
			}
		}
	}
	return page{template: "account", title: p.Account.Name(), data: p}, nil
}

// byOwnName leads to the page of an account that was asked for by its id at a carrier, or returns
// the error that it was answered with.
func (v *visit) byOwnName(id string, asked url.Values, err error) (page, error) {
	if !isNotFound(err) {
		return page{}, err
	}
	name, failure := v.ownName(id)
	if failure != nil || name == "" {
		return page{}, err
	}
	location := v.console.views.to("accounts", name)
	if len(asked) > 0 {
		location += "?" + asked.Encode()
	}
	return page{location: location}, nil
}

// KnowsSent reports whether it is known how much was sent.
func (p *accountPage) KnowsSent() bool { return p.Sent != nil }

// MayInherit reports whether the client may have the account state the list no more: what is in
// force then, InheritText says.
func (p *accountPage) MayInherit() bool { return p.MayEdit && p.Lists[0].IsOwn() }

// InheritText is the text of the button for it.
func (p *accountPage) InheritText() string {
	switch {
	case p.Account.Parent != "":
		return "account.inherit"
	case p.Channel != base(p.Channel):
		return "account.inherit_messaging"
	}
	return "account.inherit_default"
}

// listed is how many territories a list has.
func (l *accountList) listed() (n int) {
	for _, t := range l.Territories {
		if t.Listed {
			n++
		}
	}
	return n
}

// tagOf is the ETag of an account; empty for one that a file states.
func (v *visit) tagOf(id string) (string, error) {
	header, err := v.do(call{path: pathOf("accounts", id)}, nil)
	if err != nil {
		return "", err
	}
	return header.Get("ETag"), nil
}

// territoryOf shows what is known of a territory.
func territoryOf(v *visit) (page, error) {
	var t struct {
		territory
		Prefixes []struct {
			Class    string `json:"class"`
			Prefixes []struct {
				Prefix string `json:"prefix"`
				Exact  bool   `json:"exact"`
			} `json:"prefixes"`
		} `json:"prefixes"`
	}
	if err := v.get(&t, pathOf("territories", v.r.PathValue("code")), nil); err != nil {
		return page{}, err
	}
	return page{template: "territory", title: t.Name, data: t, status: http.StatusOK}, nil
}
