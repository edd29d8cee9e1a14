package review

import (
	"fmt"
	"io"
	"strings"
)

// mostAccounts is how many accounts with the same changes are named.
const mostAccounts = 3

// WriteDifference writes a difference for people: what opens and what closes, account by
// account. Accounts with the same changes are together, of which the first are named.
func WriteDifference(w io.Writer, d Difference) error { return writeDifference(w, d, mostAccounts) }

// WriteWholeDifference is WriteDifference that names every account.
func WriteWholeDifference(w io.Writer, d Difference) error {
	return writeDifference(w, d, len(d.Changes))
}

func writeDifference(w io.Writer, d Difference, most int) error {
	var p page
	switch leftOut := d.LeftOut.text(); {
	case len(d.Changes) == 0 && leftOut != "":
		p.line("NOTHING %s  policy %s -> %s, as of %s; %s",
			strings.ToUpper(string(d.LeftOut.Direction.reversed())), d.From, d.To, when(d.At), leftOut)
		return p.writeTo(w)
	case len(d.Changes) == 0:
		p.line("NO DIFFERENCE  policy %s and policy %s have the same effect", d.From, d.To)
		return p.writeTo(w)
	case leftOut != "":
		p.line("policy %s -> %s, as of %s: %s; %s", d.From, d.To, when(d.At), d.tally(), leftOut)
	default:
		p.line("policy %s -> %s, as of %s: %s", d.From, d.To, when(d.At), d.tally())
	}
	p.changes(d.Changes, most)
	if len(d.Warnings) > 0 {
		p.line("")
	}
	for i := range d.Warnings {
		p.wrapped("warning: ", d.Warnings[i].String())
	}
	return p.writeTo(w)
}

// WriteChanges writes changes for people, account by account as WriteDifference does.
func WriteChanges(w io.Writer, changes []Change) error {
	var p page
	p.changes(changes, mostAccounts)
	return p.writeTo(w)
}

func (p *page) changes(changes []Change, most int) {
	for _, group := range groups(changes) {
		p.line("")
		p.wrapped("", group.heading(most))
		for _, c := range group.changes {
			p.wrapped(fmt.Sprintf("  %-7s  ", c.Direction), c.Text)
			if c.Rule != nil {
				p.wrapped(strings.Repeat(" ", len("  changes  ")), c.Rule.summary())
			}
		}
	}
}

// text says what is left out; nothing if nothing is.
func (l *LeftOut) text() string {
	switch {
	case l == nil || l.Changes == 0:
		return ""
	case l.Changes == 1:
		return fmt.Sprintf("1 change that %s is left out", l.Direction)
	}
	return fmt.Sprintf("%d changes that %s are left out", l.Changes, strings.TrimSuffix(string(l.Direction), "s"))
}

// tally counts the changes by direction.
func (d Difference) tally() string {
	var parts []string
	for _, counted := range []struct {
		direction Direction
		words     string
	}{{Opens, "open"}, {Closes, "close"}, {Changes, "otherwise"}} {
		if n := d.Count(counted.direction); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, counted.words))
		}
	}
	changes := "1 change"
	if n := len(d.Changes); n != 1 {
		changes = fmt.Sprintf("%d changes", n)
	}
	return changes + ", " + strings.Join(parts, ", ")
}

// group is accounts with the same changes.
type group struct {
	accounts []string
	changes  []Change
}

// groups puts accounts with the same changes together, in the order of the first of each.
func groups(changes []Change) []*group {
	var list []*group
	same := make(map[string]*group)
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].Account == changes[0].Account && changes[n].Carrier == changes[0].Carrier {
			n++
		}
		own := changes[:n]
		changes = changes[n:]

		var what strings.Builder
		for i := range own {
			fmt.Fprintf(&what, "%s %s\n", own[i].Direction, own[i].Text)
			if own[i].Rule != nil {
				what.WriteString(own[i].Rule.summary())
			}
		}
		account := whose(own[0].Account, own[0].Name, own[0].Label)
		switch {
		case own[0].Account == "":
			account = "all accounts"
		case own[0].Account == Unnamed:
			account = "accounts that neither policy names"
		case same[what.String()] != nil:
			g := same[what.String()]
			g.accounts = append(g.accounts, account)
			continue
		}
		g := &group{accounts: []string{account}, changes: own}
		if own[0].Account != "" && own[0].Account != Unnamed {
			same[what.String()] = g
		}
		list = append(list, g)
	}
	return list
}

func (g *group) heading(most int) string {
	if more := len(g.accounts) - most; more > 1 {
		return fmt.Sprintf("%s and %d more accounts", strings.Join(g.accounts[:most], ", "), more)
	}
	return strings.Join(g.accounts, ", ")
}
