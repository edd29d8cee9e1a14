package console

import (
	"cmp"
	"slices"
	"strings"
)

// territory is what is known of one, as the API has it.
type territory struct {
	Code          string   `json:"code"`
	Name          string   `json:"name"`
	Continent     string   `json:"continent"`
	CallingCodes  []string `json:"calling_codes"`
	LeadingDigits []string `json:"leading_digits"`
	Rest          bool     `json:"rest"`
	Flags         []struct {
		Flag    string `json:"flag"`
		Channel string `json:"channel"`
		Source  string `json:"source"`
	} `json:"flags"`
	Entries []struct {
		Carrier     string   `json:"carrier"`
		Channel     string   `json:"channel"`
		Code        string   `json:"code"`
		Name        string   `json:"name"`
		Prefixes    []string `json:"prefixes"`
		Territories []string `json:"territories"`
		Note        string   `json:"note"`
	} `json:"entries"`
	Examples map[string]string `json:"examples"`
}

// territories are all of them.
func (v *visit) territories() ([]territory, error) {
	var answer struct {
		Territories []territory `json:"territories"`
	}
	err := v.get(&answer, "/territories", nil)
	return answer.Territories, err
}

// noContinent is that of calling codes of no country.
const noContinent = "none"

// group are the territories of a continent.
type group struct {
	// Continent in the words of the API, in lower case; "none" for calling codes of no country.
	Continent string
	Rows      []territoryRow
	// Whole are the buttons for all of it, if they are offered.
	Whole []wholeList
}

// territoryRow is a territory with its switches.
type territoryRow struct {
	*territory
	Cells []cell
	// Flags are those that hold on the channel, and Carried the carrier's entries that have it with
	// others.
	Flags, Carried []string
	// Words are what it is found by.
	Words string
}

// cell is the switch of one list.
type cell struct {
	// Switch names it: channel, class and territory.
	Switch, Class string
	listedTerritory
	// Sent is how many were sent recently.
	Sent int64
}

// IsNoted reports whether something else decides than the list, in a way that is not said of the
// whole account.
func (c *cell) IsNoted() bool { return c.Listed != c.Open && c.Reason != "account_suspended" }

// noClass is the class of messages in the names of switches.
const noClass = "low_risk"

// switchOf names the switch of a territory in a list.
func switchOf(channel, class, territory string) string {
	return strings.Join([]string{channel, cmp.Or(class, noClass), territory}, "/")
}

// rows are the territories that have all words which are looked for, with their switches.
func (p *accountPage) rows(known []territory) (rows []territoryRow) {
	states := make([]map[string]listedTerritory, len(p.Lists))
	for i, l := range p.Lists {
		states[i] = make(map[string]listedTerritory)
		for _, t := range l.Territories {
			states[i][t.Territory] = t
		}
	}
	words := strings.Fields(strings.ToLower(p.Find))
	for i := range known {
		row := territoryRow{territory: &known[i]}
		row.mark(p.Channel)
		lacks := func(word string) bool { return !strings.Contains(strings.ToLower(row.Words), word) }
		if slices.ContainsFunc(words, lacks) {
			continue
		}
		for i, l := range p.Lists {
			name := switchOf(p.Channel, l.Class, row.Code)
			row.Cells = append(row.Cells, cell{name, l.Class, states[i][row.Code], p.Sent[name]})
		}
		rows = append(rows, row)
	}
	return rows
}

// base is the channel by whose lists a carrier gives permission for a channel.
func base(channel string) string {
	if channel == "voice" {
		return channel
	}
	return "messaging"
}

// flagsOn are the flags that hold on a channel.
func (t *territory) flagsOn(channel string) (flags []string) {
	for _, f := range t.Flags {
		if f.Channel == channel || f.Channel == base(channel) && f.Flag == "high_risk" {
			flags = append(flags, f.Flag)
		}
	}
	return flags
}

// isFlagged reports whether a flag holds on a channel.
func (t *territory) isFlagged(channel, flag string) bool {
	return slices.Contains(t.flagsOn(channel), flag)
}

// mark finds what to say of the territory on a channel.
func (r *territoryRow) mark(channel string) {
	r.Flags = r.flagsOn(channel)
	for _, e := range r.Entries {
		if e.Channel == base(channel) && (len(e.Territories) > 1 || e.Code == "") {
			r.Carried = append(r.Carried, e.Name)
		}
	}
	r.Words = strings.Join(slices.Concat([]string{r.Name, r.Code}, r.CallingCodes, r.Carried), " ")
}

// grouped are rows by continent, both by their names.
func (v *visit) grouped(rows []territoryRow) (groups []group) {
	for _, row := range rows {
		name := strings.ToLower(cmp.Or(row.Continent, noContinent))
		i := slices.IndexFunc(groups, func(g group) bool { return g.Continent == name })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{Continent: name})
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	for i := range groups {
		slices.SortStableFunc(groups[i].Rows, func(a, b territoryRow) int { return strings.Compare(a.Name, b.Name) })
	}
	slices.SortFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(isLast(a), isLast(b)), strings.Compare(v.text("continent."+a.Continent), v.text("continent."+b.Continent)))
	})
	return groups
}

// isLast is 1 for what is on no continent.
func isLast(g group) int {
	if g.Continent == noContinent {
		return 1
	}
	return 0
}
