package territories

import (
	"slices"
	"strings"
	"sync"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Carrier is what one carrier says of territories.
type Carrier struct {
	Name string
	// HighRisk reports whether it calls a territory risky on a channel, and where it says so.
	HighRisk func(policy.Channel, numbering.Territory) (source string, ok bool)
	// Entries are those of its own list for a channel that have a territory.
	Entries func(policy.Channel, numbering.Territory) []Entry
}

// Entry is one of a carrier's own list, by which it gives permissions.
type Entry struct {
	Carrier     string   `json:"carrier"`
	Channel     string   `json:"channel"`
	Code        string   `json:"code,omitempty" doc:"By which the carrier's API knows it; absent if that is unknown."`
	Name        string   `json:"name" doc:"In the carrier's words."`
	Prefixes    []string `json:"prefixes"`
	Territories []string `json:"territories" doc:"All that it covers."`
	Note        string   `json:"note,omitempty" doc:"Where it and the territories differ."`
}

// Flag is what holds of a territory on one channel.
type Flag struct {
	Flag    string `json:"flag" enum:"high_risk,unsupported,by_request" doc:"high_risk is for people: the others deny."`
	Channel string `json:"channel"`
	Source  string `json:"source,omitempty" doc:"Who says so; absent for what the policy in force says."`
}

// Territory is what is known of one.
type Territory struct {
	Code          string              `json:"code" example:"JE"`
	Name          string              `json:"name" example:"Jersey"`
	Continent     numbering.Continent `json:"continent,omitempty" doc:"In the words of groups of territories; absent for calling codes of no country."`
	CallingCodes  []string            `json:"calling_codes" nullable:"false"`
	LeadingDigits []string            `json:"leading_digits" nullable:"false" doc:"Where several share a calling code, those of this one."`
	Rest          bool                `json:"rest,omitempty" doc:"That it has what others leave of the calling code."`
	Flags         []Flag              `json:"flags" nullable:"false"`
	Entries       []Entry             `json:"entries" nullable:"false" doc:"Those of the carrier's own lists that have it."`
	// Examples are by class; a class without numbers has none.
	Examples map[string]string `json:"examples" doc:"A number of each class that there is."`
}

// The flags.
const (
	HighRisk    = "high_risk"
	Unsupported = string(policy.Unsupported)
	ByRequest   = string(policy.ByRequest)
)

// All are all territories by a policy in force, in the order of the table.
func All(snapshot *policy.Snapshot, carriers []Carrier) []Territory {
	var all []Territory
	for t := range numbering.AllTerritories() {
		all = append(all, Of(snapshot, carriers, t))
	}
	return all
}

// Of is one territory by a policy in force.
func Of(snapshot *policy.Snapshot, carriers []Carrier, t numbering.Territory) Territory {
	leading, rest := numbering.LeadingDigits(t)
	known := Territory{
		Code: t.String(), Name: t.Name(), Continent: t.Continent(), CallingCodes: withPlus(t.CallingCodes()),
		LeadingDigits: withPlus(leading), Rest: rest, Flags: []Flag{}, Entries: []Entry{}, Examples: Examples(t),
	}
	byRequest := snapshot.ByRequest()
	for channel := range policy.ChannelCount {
		for _, c := range carriers {
			if source, ok := c.HighRisk(channel, t); ok {
				known.Flags = append(known.Flags, Flag{HighRisk, channel.String(), source})
			}
			if channel == channel.Base() {
				known.Entries = append(known.Entries, c.Entries(channel, t)...)
			}
		}
		if unsupported := snapshot.Unsupported(channel); unsupported.Has(t) {
			known.Flags = append(known.Flags, Flag{Flag: Unsupported, Channel: channel.String()})
		}
	}
	if byRequest.Has(t) {
		known.Flags = append(known.Flags, Flag{Flag: ByRequest, Channel: policy.Voice.String()})
	}
	return known
}

// withPlus writes digits as numbers begin.
func withPlus(digits []string) []string {
	written := make([]string, len(digits))
	for i, d := range digits {
		written[i] = "+" + d
	}
	return written
}

// Prefixes are those of the listed numbers of a class.
type Prefixes struct {
	Class    string   `json:"class"`
	Prefixes []Prefix `json:"prefixes" nullable:"false"`
}

// Prefix is the beginning of numbers of a class.
type Prefix struct {
	Prefix string `json:"prefix" example:"+4490"`
	Exact  bool   `json:"exact" doc:"Whether no number of another class begins with it."`
}

// PrefixesOf are the prefixes of a territory, by class; a class without numbers is left out.
func PrefixesOf(t numbering.Territory) []Prefixes {
	all := []Prefixes{}
	for class := range policy.ClassCount {
		of := Prefixes{Class: class.String()}
		for _, p := range policy.ClassPrefixes(class, t) {
			of.Prefixes = append(of.Prefixes, Prefix{"+" + p.Digits, p.Exact})
		}
		if len(of.Prefixes) > 0 {
			all = append(all, of)
		}
	}
	return all
}

// Examples are numbers of a territory, by class. The caller must not change them.
func Examples(t numbering.Territory) map[string]string { return examples()[t] }

// examples are those of all territories, which take a third of a second to find.
var examples = sync.OnceValue(func() map[numbering.Territory]map[string]string {
	all := make(map[numbering.Territory]map[string]string)
	for t := range numbering.AllTerritories() {
		all[t] = make(map[string]string)
		for class := range policy.ClassCount {
			if example, ok := exampleOf(class, t); ok {
				all[t][class.String()] = "+" + example
			}
		}
	}
	return all
})

// exampleOf finds a number of a class, ordinary if it is of low risk. Where the length of a number
// decides its class, there may be none.
func exampleOf(class policy.Class, t numbering.Territory) (digits string, ok bool) {
	var prefixes []string
	if class == policy.LowRisk {
		prefixes = t.CallingCodes()
	} else {
		for _, p := range policy.ClassPrefixes(class, t) {
			prefixes = append(prefixes, p.Digits)
		}
	}
	for _, prefix := range prefixes {
		reached := numbering.ReachOf(prefix)
		i := slices.IndexFunc(reached, func(r numbering.Reach) bool { return r.Territory == t })
		if i >= 0 && classOf(reached[i].Example, t) == class {
			return reached[i].Example, true
		}
	}
	return "", false
}

// classOf is the class of a number of a territory by the built-in ranges.
func classOf(digits string, t numbering.Territory) policy.Class {
	for _, p := range numbering.TollFraudOf(t) {
		if strings.HasPrefix(digits, p.Digits) {
			return policy.HighRiskTollFraud
		}
	}
	return policy.ClassOf(numbering.Default().Lookup(digits).Kinds)
}
