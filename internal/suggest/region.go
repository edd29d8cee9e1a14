package suggest

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// regions are what is taken for a territory and is several, spelled as plainName spells
// it, and in no group: each of those who use these names has a list of his own.
var regions = map[string]bool{
	// Parts of the earth.
	"asiapacific": true, "balkans": true, "baltics": true,
	"caribbean": true, "centralamerica": true, "centralasia": true, "easternafrica": true, "easterneurope": true,
	"latinamerica": true, "maghreb": true, "middleeast": true, "northafrica": true, "scandinavia": true,
	"northernafrica": true, "southasia": true, "southeastasia": true, "subsaharanafrica": true, "westafrica": true,
	"westernafrica": true, "westerneurope": true, "westindies": true,
	// Unions and agreements.
	"brics": true, "caricom": true, "cis": true, "ecowas": true, "nato": true, "schengen": true,
	// Regions of sales.
	"amer": true, "americas": true, "anz": true, "apac": true, "apj": true, "cee": true, "cemea": true, "dach": true, "emea": true,
	"lac": true, "latam": true, "mea": true, "mena": true, "restofworld": true, "row": true, "sea": true, "uki": true,
}

// groupNames are names of groups besides their own, spelled as plainName spells them.
var groupNames = map[string]string{
	"europeanunion": "EU", "europeaneconomicarea": "EEA", "ez": "EUROZONE", "euroarea": "EUROZONE",
	"northernamerica": "NORTH_AMERICA", "noram": "NORTH_AMERICA", "nafta": "USMCA",
	"nordic": "NORDICS", "gulfstates": "GCC",
	"northamericannumberingplan": "NANP",
}

// allWords are words for all territories, which are "*" where they can be named.
var allWords = map[string]bool{
	"all": true, "any": true, "anywhere": true, "everywhere": true, "global": true, "world": true, "worldwide": true,
}

// IsAll reports whether a text is a word for all territories.
func IsAll(text string) bool { return allWords[plainName(text)] }

// TerritoryHint is the end of an error about a text that is not a territory: what it is
// instead, or the territory that was probably meant; "" where nothing is near.
func TerritoryHint(text string) string {
	name := plainName(text)
	if without, ok := excluded(text); ok {
		return fmt.Sprintf(": a group cannot be narrowed: list its members without %s (`tollgate territories --groups` prints them)", without)
	}
	if group := Group(text); group != "" {
		return fmt.Sprintf(", did you mean %q?", group)
	}
	if regions[name] {
		return ": it is a region that no list defines: name each of its countries, or a group of `tollgate territories --groups`"
	}
	if name == "false" {
		// In YAML 1.1, an unquoted NO is a boolean.
		return `: some tools read NO without quotes as false, write "NO" in quotes for Norway`
	}
	if near := Territory(text); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}

// excluded returns the code of the territory or the name of the group that a text is meant to
// leave out of a list: "-FR", "!FR".
func excluded(text string) (code string, ok bool) {
	rest := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(text), "-−–!^~"))
	if rest == "" || rest == strings.TrimSpace(text) {
		return "", false
	}
	if group, ok := numbering.ParseGroup(rest); ok {
		return group.Name, true
	}
	code = Territory(rest)
	return code, code != ""
}

// Group returns the name of the group of territories that was probably meant by a text:
// its name spelled otherwise or mistyped, or another name of it; "" where nothing is near.
func Group(text string) string {
	name := plainName(text)
	if other, ok := groupNames[name]; ok {
		return other
	}
	nearest, fewest := "", 2
	for g := range numbering.AllGroups() {
		own := plainName(g.Name)
		// A short name is one edit away from too many codes.
		if n := distance(name, own); n == 0 || len(own) >= 5 && n < fewest {
			nearest, fewest = g.Name, n
		}
	}
	return nearest
}
