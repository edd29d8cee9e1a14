package suggest

import "fmt"

// regions are what is taken for a territory and is several, spelled as plainName spells
// it: continents, unions, and the regions that sales are divided into.
var regions = map[string]bool{
	// Parts of the earth.
	"africa": true, "americas": true, "asia": true, "asiapacific": true, "balkans": true, "baltics": true,
	"caribbean": true, "centralamerica": true, "centralasia": true, "easternafrica": true, "easterneurope": true,
	"europe": true, "latinamerica": true, "maghreb": true, "middleeast": true, "nordics": true, "northafrica": true,
	"northamerica": true, "northernafrica": true, "northernamerica": true, "oceania": true, "scandinavia": true,
	"southamerica": true, "southasia": true, "southeastasia": true, "subsaharanafrica": true, "westafrica": true,
	"westernafrica": true, "westerneurope": true, "westindies": true,
	// Unions and agreements.
	"asean": true, "benelux": true, "brics": true, "caricom": true, "cis": true, "ecowas": true, "eea": true, "efta": true,
	"eu": true, "europeaneconomicarea": true, "europeanunion": true, "eurozone": true, "ez": true, "gcc": true,
	"mercosur": true, "nafta": true, "nanp": true, "nato": true, "schengen": true, "usmca": true,
	// Regions of sales.
	"amer": true, "anz": true, "apac": true, "apj": true, "cee": true, "cemea": true, "dach": true, "emea": true,
	"lac": true, "latam": true, "mea": true, "mena": true, "noram": true, "restofworld": true, "row": true, "sea": true, "uki": true,
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
	if regions[name] {
		return ": it is a region, name each of its countries"
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
