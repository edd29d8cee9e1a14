package permissions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Document is a policy that permits what accounts may do at Twilio. Notes say what is to be known
// of it.
func Document(accounts []Account) (d config.Document, notes []string) {
	byID := make(map[string]*Account)
	for i := range accounts {
		byID[accounts[i].ID] = &accounts[i]
	}
	composites := make(map[string]bool)
	for i := range accounts {
		a := &accounts[i]
		document, more := a.document(byID[a.Parent])
		d.Accounts, notes = append(d.Accounts, document), append(notes, more...)
		for _, channel := range geo.Channels {
			for _, text := range a.Lists[channel].composites(channel) {
				composites[text] = true
			}
		}
	}
	if len(composites) > 0 {
		var all []string
		for text := range composites {
			all = append(all, text)
		}
		slices.Sort(all)
		notes = append(notes, "Twilio has one entry for several territories, each of which is permitted here: "+strings.Join(all, ", "))
	}
	return d, append(notes, "Twilio's permissions for messages do not hold for WhatsApp, those of a policy do: state whatsapp where it should be wider")
}

// composites names the open entries that stand for several territories.
func (l List) composites(channel policy.Channel) (texts []string) {
	for i := range l {
		members := l.members(channel, &l[i])
		if len(members) > 1 && l[i].Open != [policy.ClassCount]bool{} {
			texts = append(texts, fmt.Sprintf("%s (%s) is %s", l[i].Code, channel, strings.Join(codesOf(members), " ")))
		}
	}
	return texts
}

func (a *Account) document(parent *Account) (d config.Account, notes []string) {
	d.ID, d.Label = a.ID, plainLabel(a.Label)
	switch {
	case parent != nil:
		d.Parent = parent.ID
	case a.Parent != "":
		notes = append(notes, fmt.Sprintf("account %s is a subaccount of %s, which is not here: what it inherits is stated as its own", a.ID, a.Parent))
	case a.Inherits:
		notes = append(notes, fmt.Sprintf("account %s: its calls inherit from an account that is not known, and are stated as its own", a.ID))
	}
	for _, channel := range geo.Channels {
		if unknown := a.Lists[channel].Unknown(channel); len(unknown) > 0 {
			notes = append(notes, fmt.Sprintf("account %s: Twilio has entries for %s whose territories are not known, and which are left out: %s",
				a.ID, channel, strings.Join(unknown, " ")))
		}
	}
	notes = append(notes, a.absent()...)
	messages := a.Lists[policy.Messaging].open(policy.Messaging)
	if parent != nil && messages == parent.Lists[policy.Messaging].open(policy.Messaging) {
		notes = append(notes, fmt.Sprintf("account %s has the same permissions for messages as its parent, and inherits them here", a.ID))
	} else {
		d.Messaging = codesIn(&messages[policy.LowRisk])
	}
	calls := a.Lists[policy.Voice].open(policy.Voice)
	if a.Inherits && parent != nil {
		for t := range byRequest.All() { // naming a territory is an approval, inheriting one is not
			if slices.ContainsFunc(calls[:], func(s policy.Set) bool { return s.Has(t) }) {
				d.Approved = append(d.Approved, config.Approval{Territory: config.Territory(t.String()), Channel: policy.Voice.String(), Reason: "open at Twilio"})
			}
		}
		return d, notes
	}
	d.Voice = &config.Voice{
		LowRisk: codesIn(&calls[policy.LowRisk]), HighRiskSpecial: codesIn(&calls[policy.HighRiskSpecial]),
		HighRiskTollFraud: codesIn(&calls[policy.HighRiskTollFraud]),
	}
	return d, notes
}

// absent notes what the lists lack. Nothing there is permitted by the policy.
func (a *Account) absent() (notes []string) {
	for _, channel := range geo.Channels {
		codes := a.Lists[channel].Absent(channel)
		if len(codes) == 0 {
			continue
		}
		more := ""
		if most := 10; len(codes) > most {
			codes, more = codes[:most], fmt.Sprintf(" and %d more", len(codes)-most)
		}
		notes = append(notes, fmt.Sprintf("account %s: Twilio's list for %s does not have %s%s, which are not permitted here", a.ID, channel, strings.Join(codes, " "), more))
	}
	return notes
}

// codesIn are the codes of a set. Of an empty one they are "none", which nil is not.
func codesIn(set *policy.Set) config.Territories {
	return append(config.Territories{}, codesOf(slices.Collect(set.All()))...)
}

func codesOf(territories []numbering.Territory) (codes []string) {
	for _, t := range territories {
		codes = append(codes, t.String())
	}
	slices.Sort(codes)
	return codes
}

// plainLabel is a name without what a policy would read as more than a text: braces are of
// placeholders.
func plainLabel(name string) string {
	name = strings.NewReplacer("{", "(", "}", ")", `"`, "'", "`", "'", `\`, "/").Replace(name)
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, name)), " ")
}
