package numbering

// Continent is the continent of a territory, empty for a calling code of no
// country. It is spelled as carriers that group destinations by it do.
type Continent string

// The continents. NORTH_AMERICA stands in Twilio's documentation; that the
// others are spelled alike is unverified.
const (
	Africa       Continent = "AFRICA"
	Asia         Continent = "ASIA"
	Europe       Continent = "EUROPE"
	NorthAmerica Continent = "NORTH_AMERICA"
	Oceania      Continent = "OCEANIA"
	SouthAmerica Continent = "SOUTH_AMERICA"
)
