package numbering

import (
	"iter"
	"slices"
	"strings"
)

// Group is a list of territories with a name that policies may write in their place. A
// member stands for its own code alone: Réunion is not in EU, though it is a part of
// France, since its numbers have a calling code, and a price, of their own.
type Group struct {
	// Name as policies write it, in capitals.
	Name string
	// Title says in a few words what the group is.
	Title string
	// AsOf is the date (YYYY-MM-DD) of the list: that of the newest change of its
	// members, or for a list without one the date at which it was read.
	AsOf string
	// Source of the list.
	Source string

	members []Territory
}

// Members returns the territories of the group, in the order of the table of territories.
func (g *Group) Members() []Territory { return slices.Clone(g.members) }

// ParseGroup finds a group by its name, in either letter case.
func ParseGroup(name string) (*Group, bool) {
	if !isASCII(name) {
		return nil, false // the capital of some other letters is an ASCII one
	}
	g, ok := groupByName[strings.ToUpper(name)]
	return g, ok
}

// AllGroups yields every group, in the order of the table.
func AllGroups() iter.Seq[*Group] {
	return func(yield func(*Group) bool) {
		for i := range groups {
			if !yield(&groups[i]) {
				return
			}
		}
	}
}

var groups = func() (all []Group) {
	for _, row := range groupTable {
		member := row.member
		if row.codes != "" {
			listed := theTerritories(row.codes)
			member = func(t Territory) bool { return slices.Contains(listed, t) }
		}
		g := Group{Name: row.name, Title: row.title, AsOf: row.asOf, Source: row.source}
		for t := range AllTerritories() {
			if member(t) {
				g.members = append(g.members, t)
			}
		}
		all = append(all, g)
	}
	return all
}()

var groupByName = func() map[string]*Group {
	byName := make(map[string]*Group, len(groups))
	for g := range AllGroups() {
		byName[g.Name] = g
	}
	return byName
}()

func isOn(c Continent) func(Territory) bool {
	return func(t Territory) bool { return t.Continent() == c }
}

func numbersUnder(callingCode string) func(Territory) bool {
	return func(t Territory) bool { return slices.Contains(t.CallingCodes(), callingCode) }
}
