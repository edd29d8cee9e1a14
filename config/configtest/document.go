package configtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Rates is a deck of rates, which documents that limit money need.
const Rates = "prefix,channel,price,currency\nUS,messaging,0.0079,USD\n"

// Document makes a document that config.Check accepts and that holds no
// placeholder. Every member occurs; whatever may be absent often is, and
// whatever may be empty often is, too. One seed always makes one document.
func Document(random *rand.Rand) config.Document {
	g := generator{random}
	d := config.Document{
		Observe:  g.turned(2),
		Prefixes: some(g, g.prefix),
		Ranges:   some(g, g.numberRange),
		Accounts: g.accounts(),
	}
	if g.oneIn(2) {
		d.National = []string{"strict", "US", "GB"}[random.IntN(3)]
	}
	if g.oneIn(2) {
		d.Default = &config.Default{Permissions: g.permissions(), Verify: g.verify()}
	}
	d.Stored, d.UnscopedService, d.MessagingSpecial = g.choice(), g.choice(), g.choice()
	d.Unallocated = g.unallocated()
	d.URLHosts = g.hosts()
	d.Limits = g.limits()
	d.PriceLimit = g.priceLimit()
	d.MaxCall = g.maxCall()
	switch random.IntN(5) {
	case 0:
		d.Unsupported = &config.Unsupported{Messaging: g.territories()}
	case 1:
		d.Unsupported = &config.Unsupported{Voice: g.territories()}
	case 2:
		d.Unsupported = &config.Unsupported{Messaging: g.territories(), Voice: g.territories()}
	case 3:
		d.Unsupported = &config.Unsupported{WhatsApp: g.territories(), RCS: g.territories()}
	}
	if d.Unsupported != nil {
		for i := range d.Accounts {
			d.Accounts[i].Openings = nil // nothing opens what is not served
		}
	}
	if g.oneIn(2) {
		d.ByRequest = &config.ByRequest{Voice: g.territories()}
	}
	return d
}

type generator struct{ *rand.Rand }

func (g generator) oneIn(n int) bool { return g.IntN(n) == 0 }

// some makes a list of up to three elements, nil if there are none.
func some[T any](g generator, element func() T) []T {
	var list []T
	for range g.IntN(4) {
		list = append(list, element())
	}
	return list
}

func pick[T any](g generator, list []T) T { return list[g.IntN(len(list))] }

// accounts makes parents first and then their children, in any order.
func (g generator) accounts() []config.Account {
	// Numbered, so that none occurs twice; the digits after it are anything.
	base := g.Uint32()
	sid := func(kind string, n int) string {
		sid := fmt.Sprintf("%s%08x%016x%08x", kind, base, g.Uint64(), n)
		if g.oneIn(4) {
			sid = strings.ToUpper(sid)
		}
		return sid
	}
	accounts := some(g, func() config.Account { return config.Account{} })
	for i := range accounts {
		a := &accounts[i]
		a.ID = sid("AC", i)
		if g.oneIn(3) {
			a.ID, a.At = fmt.Sprintf(pick(g, accountNames), i), config.At{"twilio": a.ID}
		}
		if i > 0 && g.oneIn(3) && accounts[0].Parent == "" {
			a.Parent = accounts[0].ID
			if id := accounts[0].At["twilio"]; g.oneIn(2) && id != "" {
				a.Parent = id
			}
		}
		if g.oneIn(2) {
			a.Label = g.text()
		}
		a.Permissions = g.permissions()
		a.Verify = g.verify()
		a.Control = g.control()
		a.Stored, a.UnscopedService, a.MessagingSpecial = g.choice(), g.choice(), g.choice()
		a.Unallocated = g.unallocated()
		a.URLHosts = g.hosts()
		a.Limits = g.limits()
		a.MaxCall = g.maxCall()
		a.PriceLimit = g.priceLimit()
		a.Suspended, a.Monitor = g.turned(4), g.turned(4)
		a.Prefixes = some(g, g.prefix)
		a.Openings = some(g, g.opening)
		a.Approved = some(g, g.approval)
		a.Senders = g.senders()
		for k := range g.IntN(3) {
			a.Keys = append(a.Keys, sid("SK", i*8+k))
		}
		for k := range g.IntN(3) {
			credential := sid("OQ", i*8+k)
			if g.oneIn(2) {
				credential = policy.TokenDigest(credential)
			}
			a.Credentials = append(a.Credentials, credential)
		}
		if g.oneIn(2) {
			a.Home = config.Territory(g.territory())
		}
		if a.Home != "" && g.oneIn(2) {
			a.Trial = append(config.Numbers{}, some(g, g.number)...)
		}
	}
	g.Shuffle(len(accounts), func(i, j int) { accounts[i], accounts[j] = accounts[j], accounts[i] })
	return accounts
}

// accountNames each have a place for one digit. Some could be numbers, truths or dates.
var accountNames = []string{"acme%d", "e%d", "on-%d", "y.%d", "no_%d", "ac1%d", "null%d", "x2026-12-0%d"}

func (g generator) permissions() config.Permissions {
	var p config.Permissions
	if g.oneIn(2) {
		p.Messaging = g.territories()
	}
	if g.oneIn(4) {
		p.WhatsApp = g.territories()
	}
	if g.oneIn(4) {
		p.RCS = g.territories()
	}
	if g.oneIn(2) {
		p.Voice = &config.Voice{}
		// At least one class is stated.
		for stated := 1 + g.IntN(7); stated > 0; stated >>= 1 {
			lists := []*config.Territories{&p.Voice.LowRisk, &p.Voice.HighRiskSpecial, &p.Voice.HighRiskTollFraud}
			*pick(g, lists) = g.territories()
		}
	}
	return p
}

// verify makes the sets for verifications, of which one at least is stated if
// there are any.
func (g generator) verify() *config.Verify {
	if v := config.Verify(g.permissions()); v.Messaging != nil || v.Voice != nil || v.WhatsApp != nil || v.RCS != nil {
		return &v
	}
	return nil
}

// turned makes a switch that is on once in n times, with terms or without.
func (g generator) turned(n int) (s config.Switch) {
	if s.On = g.oneIn(n); !s.On {
		return s
	}
	if g.oneIn(2) {
		s.Reason = g.text() + " " + pick(g, []string{"ticket 812", "incident"})
	}
	if g.oneIn(2) {
		s.Until = pick(g, []string{"2026-12-01", "2026-12-01T18:00:00Z"})
	}
	return s
}

func (g generator) choice() string { return pick(g, []string{"", "allow", "deny"}) }

// unallocated makes choices for one channel or both.
func (g generator) unallocated() *config.Unallocated {
	choose := func() string { return pick(g, []string{"", "allow", "monitor", "deny"}) }
	u := config.Unallocated{Messaging: choose(), Voice: choose()}
	if u == (config.Unallocated{}) {
		return nil
	}
	return &u
}

// control makes a list that is often absent, and often none.
func (g generator) control() config.Controls {
	if g.oneIn(2) {
		return nil
	}
	names := config.ControlNames()
	g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return append(config.Controls{}, names[:g.IntN(len(names)+1)]...)
}

// hosts makes a list that is often absent, and sometimes none.
func (g generator) hosts() config.Hosts {
	if g.oneIn(2) {
		return nil
	}
	return append(config.Hosts{}, some(g, func() string { return pick(g, hosts) })...)
}

var hosts = []string{"hooks.example.com", "*.example.com", "xn--mnchen-3ya.example", "*", "203.0.113.7", "hooks.example.com:8443", "localhost", "no"}

// territories makes a list that is stated, and often none.
func (g generator) territories() config.Territories {
	list := config.Territories{}
	n := g.IntN(5)
	if g.oneIn(20) {
		n = 60 // more than a line holds
	}
	for range n {
		if g.oneIn(8) {
			list = append(list, "*")
			continue
		}
		list = append(list, g.territory())
	}
	return list
}

var allTerritories = func() (codes []string) {
	for t := range numbering.AllTerritories() {
		codes = append(codes, t.String())
	}
	return codes
}()

// traps are territories that YAML could take for something else.
var traps = []string{"NO", "+870", "+881", "US"}

func (g generator) territory() string {
	if g.oneIn(3) {
		return pick(g, traps)
	}
	return pick(g, allTerritories)
}

// number is a number, or the beginning of one.
func (g generator) number() string {
	number := fmt.Sprintf("+%d", 1+g.Uint64N(999_999_999_999_999))
	return number[:2+g.IntN(len(number)-1)]
}

func (g generator) prefix() config.Prefix {
	p := config.Prefix{Reason: g.text()}
	if g.oneIn(2) {
		p.Block = g.number()
	} else {
		p.Allow = g.number()
	}
	p.Except = g.exceptions(p.Block + p.Allow)
	p.Channel = pick(g, append([]string{""}, policy.ChannelNames...))
	p.From = pick(g, []string{"", "", "2026-11-01", "2026-11-30T18:00:00-05:00"})
	p.Until = pick(g, []string{"", "2026-12-01", "2026-12-01T18:00:00Z", "2027-01-01T00:00:00.5+02:00"})
	return p
}

// exceptions are up to three prefixes within a prefix, none of them within another.
func (g generator) exceptions(prefix string) []string {
	if len(prefix) == len("+")+15 { // a number, which has nothing within
		return nil
	}
	var except []string
	for _, digit := range g.Perm(10)[:g.IntN(4)] {
		except = append(except, fmt.Sprint(prefix, digit))
	}
	return except
}

func (g generator) numberRange() config.Range {
	r := config.Range{Prefix: g.number(), Territory: config.Territory(g.territory()), Class: pick(g, append(config.Classes(), ""))}
	for (numbering.Range{Prefix: r.Prefix[1:]}).Check() != nil { // less than a range
		r.Prefix += "1"
	}
	return r
}

// opening is one of a territory, or of a prefix that is not the code of a territory.
func (g generator) opening() config.Opening {
	o := config.Opening{
		Reason: g.text(), From: pick(g, []string{"", "2026-11-01"}), Until: pick(g, []string{"2026-12-04", "2026-12-04T18:00:00Z"}),
		AcknowledgeHighRisk: true,
	}
	if g.oneIn(2) {
		o.Ticket = g.text()
	}
	if g.oneIn(3) {
		o.Prefix = pick(g, []string{"+62", "+6281", "+491512345678", "+1900"})
	} else {
		o.Territory = config.Territory(pick(g, []string{"NO", "+870", "+881", "US", "SG"}))
	}
	switch g.IntN(3) {
	case 0:
		o.Channel = pick(g, policy.ChannelNames)
	case 1:
		o.Channel, o.Class = policy.Voice.String(), pick(g, config.Classes())
	}
	return o
}

func (g generator) approval() config.Approval {
	return config.Approval{Territory: config.Territory(g.territory()), Channel: policy.Voice.String(), Reason: g.text()}
}

// senders makes senders of every kind, numbered, so that no two are one.
func (g generator) senders() map[string]config.Permissions {
	var senders map[string]config.Permissions
	for n := range g.IntN(4) {
		name := fmt.Sprintf(pick(g, senderNames), n)
		if senders == nil {
			senders = make(map[string]config.Permissions)
		}
		senders[name] = g.permissions()
	}
	return senders
}

// senderNames each have a place for one digit.
var senderNames = []string{
	"+1415555010%d", "+4477009000%d", "1234%d", "whatsapp:+1415555010%d", "ACME%d", "acme %d", "R&D %d", "No. %d",
	"MG3333333333333333333333333333333%d", "mg3333333333333333333333333333333%d", "on%d",
}
