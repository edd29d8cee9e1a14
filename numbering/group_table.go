package numbering

const (
	m49         = "UN M49, https://unstats.un.org/unsd/methodology/m49/"
	euMembers   = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
	euCountries = "https://european-union.europa.eu/principles-countries-history/eu-countries_en"
)

// groupTable is the table of groups: the continents of the table of territories, and
// unions whose members are published by the union itself. Regions that each company cuts
// for itself (EMEA, APAC, LATAM) are not here: no two lists of them agree.
//
// Members are spelled out, or found in the table of territories by what they have in
// common.
var groupTable = []struct {
	name, title, asOf, source string
	codes                     string
	member                    func(Territory) bool
}{
	{name: "AFRICA", title: "Africa", asOf: "2026-11-29", source: m49, member: isOn(Africa)},
	{name: "ASIA", title: "Asia, with Turkey, Cyprus and the Caucasus, without Russia", asOf: "2026-11-29", source: m49, member: isOn(Asia)},
	{name: "EUROPE", title: "Europe, with Russia, without Turkey and Cyprus", asOf: "2026-11-29", source: m49, member: isOn(Europe)},
	{name: "NORTH_AMERICA", title: "North America, with Central America and the Caribbean", asOf: "2026-11-29", source: m49, member: isOn(NorthAmerica)},
	{name: "OCEANIA", title: "Oceania", asOf: "2026-11-29", source: m49, member: isOn(Oceania)},
	{name: "SOUTH_AMERICA", title: "South America", asOf: "2026-11-29", source: m49, member: isOn(SouthAmerica)},

	// The United Kingdom left on 2020-01-31, at midnight in Brussels.
	{name: "EU", title: "European Union", asOf: "2020-02-01", source: euCountries, codes: euMembers},
	{name: "EEA", title: "European Economic Area", asOf: "2020-02-01", source: "https://www.efta.int/eea", codes: euMembers + " IS LI NO"},
	{name: "EFTA", title: "European Free Trade Association", asOf: "1995-01-01", source: "https://www.efta.int/about-efta", codes: "CH IS LI NO"},
	// Bulgaria was the last to join.
	{name: "EUROZONE", title: "members of the European Union whose currency is the euro", asOf: "2026-01-01",
		source: "https://www.ecb.europa.eu/euro/intro/html/index.en.html",
		codes:  "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"},
	{name: "BENELUX", title: "Benelux Union", asOf: "1960-11-01", source: "https://www.benelux.int", codes: "BE LU NL"},
	{name: "NORDICS", title: "Nordic Council, with Åland, the Faroes and Greenland", asOf: "1984-03-01",
		source: "https://www.norden.org/en/information/about-nordic-council", codes: "AX DK FI FO GL NO IS SE"},

	{name: "NANP", title: "North American Numbering Plan, all that numbers under +1", asOf: "2026-11-29",
		source: "https://www.nanpa.com", member: numbersUnder("1")},
	{name: "USMCA", title: "Canada, Mexico and the United States", asOf: "2020-07-01",
		source: "https://ustr.gov/trade-agreements/free-trade-agreements/united-states-mexico-canada-agreement", codes: "CA MX US"},
	// Bolivia joined; Venezuela has been suspended since 2016.
	{name: "MERCOSUR", title: "Southern Common Market, without the suspended Venezuela", asOf: "2024-08-08",
		source: "https://www.mercosur.int/en/about-mercosur/mercosur-countries/", codes: "AR BO BR PY UY"},
	// Timor-Leste joined.
	{name: "ASEAN", title: "Association of Southeast Asian Nations", asOf: "2025-10-26",
		source: "https://asean.org/member-states/", codes: "BN ID KH LA MM MY PH SG TH TL VN"},
	{name: "GCC", title: "Gulf Cooperation Council", asOf: "1981-05-25",
		source: "https://www.gcc-sg.org", codes: "AE BH KW OM QA SA"},
}
