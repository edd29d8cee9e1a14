package console

import (
	"cmp"
	"slices"
	"strings"
)

// wholeList has the buttons that open or close all territories of a continent in a list.
type wholeList struct {
	Class, Opens, Closes string
	// Open is how many of them are listed, and All how many there are.
	Open, All int
}

// IsOpen and IsClosed report whether there is nothing to open, and nothing to close.
func (l *wholeList) IsOpen() bool   { return l.Open == l.All }
func (l *wholeList) IsClosed() bool { return l.Open == 0 }

// whole are the buttons of a continent, for each list.
func (p *accountPage) whole(g *group) (lists []wholeList) {
	for i, l := range p.Lists {
		name := switchOf(p.Channel, l.Class, g.Continent)
		w := wholeList{Class: l.Class, Opens: opens + "/" + name, Closes: closes + "/" + name, All: len(g.Rows)}
		for _, row := range g.Rows {
			if row.Cells[i].Listed {
				w.Open++
			}
		}
		lists = append(lists, w)
	}
	return lists
}

// isOfHighRisk reports whether the edit is of a class of calls whose numbers are all of high risk.
func (e *edit) isOfHighRisk() bool { return e.Class != "" && e.Class != noClass }

// readWhole adds to a change what a button for a whole continent opens or closes, as the lists are
// now. What the carrier does not serve is not opened, and what it marks only where that is
// acknowledged.
func (v *visit) readWhole(c *change, button string) error {
	asked := readEdit(button)
	var account accountLists
	if err := v.get(&account, pathOf("accounts", v.r.PathValue("id"), "territories"), nil); err != nil {
		return err
	}
	known, err := v.territories()
	if err != nil {
		return err
	}
	listed := make(map[string]bool)
	for _, l := range account.on(asked.Channel) {
		for _, t := range l.Territories {
			listed[switchOf(l.Channel, l.Class, t.Territory)] = t.Listed
		}
	}
	for i := range known {
		t := &known[i]
		if strings.ToLower(cmp.Or(t.Continent, noContinent)) != asked.Territory {
			continue
		}
		e := asked
		e.Territory = t.Code
		// The button goes before the switch.
		c.edits = slices.DeleteFunc(c.edits, func(other edit) bool {
			return other.Channel == e.Channel && other.Class == e.Class && other.Territory == e.Territory
		})
		switch {
		case e.Open == listed[switchOf(e.Channel, e.Class, e.Territory)], e.Open && t.isFlagged(e.Channel, "unsupported"):
		case e.Open && (e.isOfHighRisk() || t.isFlagged(e.Channel, "high_risk") || t.isFlagged(e.Channel, "by_request")):
			c.optional = append(c.optional, e)
		default:
			c.edits = append(c.edits, e)
		}
	}
	return nil
}
