package geo

import (
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// row is a country in Twilio's two lists. The first columns are what both lists say;
// messaging and voice are what only one of them says. Prefixes and territories are
// separated by spaces, and the territory is that of the code if none is stated.
type row struct {
	code, name, prefixes, territories string
	note, unverified                  string
	messaging, voice                  entry
}

// entry is what one list says of a country.
type entry struct {
	name, prefixes, territories, note, unverified string
	absent                                        bool
}

// notListed is the entry of a country in a list that does not have it.
var notListed = entry{absent: true}

// continentRows are the rows of one continent, as Twilio sorts them.
type continentRows struct {
	continent numbering.Continent
	rows      []row
}

// sources says where the lists are from.
//
// Messaging: Twilio's audit events name composites in the same words. What the console
// had in 2023 on its page "Oceania & Global" besides Oceania is unknown, and the copy has
// no date.
//
// Voice: the fields of an entry and the number of entries are as Twilio documents them
// (https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource), and so is
// the composite of the United States and Canada. The console writes "+1-264" for "+1264";
// how the API writes it is unverified. Seven entries are not from the copy: their column
// unverified says so.
var sources = [policy.ChannelCount]string{
	policy.Messaging: "Twilio's documentation has no list: this is a copy of its console's, in the documentation " +
		"of a customer (Checkly, \"SMS delivery\"), with ISO's codes for the names, of which Twilio's examples have IN, PK and US",
	policy.Voice: "Twilio's documentation has no list, and says that there are over 218 entries: this is a copy " +
		"of its console's with 221, of 2025-08 (https://help.gohighlevel.com/support/solutions/articles/48000981435-geo-permissions-voice), " +
		"with ISO's codes for the names, of which Twilio's examples have US, GB, CU, EE, GM, GN, LT, LV, MV, SO, TN and ZW",
}

// notInVoiceCopy is unverified of an entry that the copy of the voice list lacks.
const notInVoiceCopy = "that it is listed: it is in the list for messages and not in the copy"

// table is every country in Twilio's lists.
var table = []continentRows{
	{numbering.NorthAmerica, []row{
		{code: "AI", name: "Anguilla", prefixes: "+1264"},
		{code: "AG", name: "Antigua and Barbuda", prefixes: "+1268"},
		{code: "AW", name: "Aruba", prefixes: "+297"},
		{
			code: "AC", name: "Ascension", prefixes: "+247",
			voice: entry{
				unverified: "that it is listed: it is in the list for messages and in that of risky destinations, " +
					"and not in the copy",
			},
		},
		{code: "BS", name: "Bahamas", prefixes: "+1242"},
		{code: "BB", name: "Barbados", prefixes: "+1246"},
		{code: "BZ", name: "Belize", prefixes: "+501"},
		{code: "BM", name: "Bermuda", prefixes: "+1441"},
		{code: "CA", name: "Canada", prefixes: "+1", voice: notListed},
		{code: "KY", name: "Cayman Islands", prefixes: "+1345"},
		{code: "CR", name: "Costa Rica", prefixes: "+506"},
		{code: "CU", name: "Cuba", prefixes: "+53"},
		{
			code: "CW", prefixes: "+599", territories: "CW BQ SX", unverified: "the code",
			messaging: entry{
				name: "Curaçao and Caribbean Netherlands (Bonaire, Sint Eustatius, Sint Maarten, Saba)",
				note: "Sint Maarten is in the name, yet numbers under +1 721, which is not a prefix of any entry",
			},
			voice: entry{
				name: "Netherlands Antilles",
				note: "one entry for two territories; Sint Maarten, once of the Antilles, numbers under +1 721, " +
					"which is not a prefix of any entry",
			},
		},
		{code: "DM", name: "Dominica", prefixes: "+1767"},
		{
			code: "DO", name: "Dominican Republic",
			messaging: entry{
				prefixes: "+1809 +1829 +1849 +1809201",
				note:     "the console has an entry for each prefix, of which +1809201 is within another",
			},
			voice: entry{prefixes: "+1829 +1809 +1849"},
		},
		{code: "SV", name: "El Salvador", prefixes: "+503"},
		{code: "GL", name: "Greenland", prefixes: "+299"},
		{code: "GD", name: "Grenada", prefixes: "+1473"},
		{
			code: "GP", name: "Guadeloupe", prefixes: "+590", territories: "GP BL MF",
			note: "Saint Barthélemy and Saint Martin number under the same code",
		},
		{code: "GT", name: "Guatemala", prefixes: "+502"},
		{code: "HT", name: "Haiti", prefixes: "+509"},
		{code: "HN", name: "Honduras", prefixes: "+504"},
		{code: "JM", name: "Jamaica", prefixes: "+1876", note: "numbers under +1 658 are Jamaica's too"},
		{code: "MQ", name: "Martinique", prefixes: "+596"},
		{code: "MX", name: "Mexico", prefixes: "+52"},
		{code: "MS", name: "Montserrat", prefixes: "+1664"},
		{code: "NI", name: "Nicaragua", prefixes: "+505"},
		{code: "PA", name: "Panama", prefixes: "+507"},
		{
			code: "PR", name: "Puerto Rico",
			messaging: entry{prefixes: "+1787", note: "numbers under +1 939 are Puerto Rico's too"},
			voice:     entry{prefixes: "+1787 +1939"},
		},
		{code: "KN", name: "St Kitts and Nevis", prefixes: "+1869"},
		{code: "LC", name: "St Lucia", prefixes: "+1758"},
		{code: "PM", name: "St Pierre and Miquelon", prefixes: "+508"},
		{code: "VC", name: "St Vincent Grenadines", prefixes: "+1784"},
		{code: "TT", name: "Trinidad and Tobago", prefixes: "+1868"},
		{code: "TC", name: "Turks and Caicos Islands", prefixes: "+1649"},
		{
			code: "US", prefixes: "+1", messaging: entry{name: "United States"},
			voice: entry{name: "United States/Canada", territories: "US CA", note: "one entry for two territories; +1867 and +1907 may need another"},
		},
		{
			messaging: notListed,
			voice: entry{
				name: "US and Canada (+1867 +1907)", prefixes: "+1867 +1907", territories: "US CA",
				note: "one entry for parts of two territories: Alaska, and Canada's three northern territories",
				unverified: "that it is listed: it was in the console of 2017-09 " +
					"(https://github.com/18F/identity-idp/pull/1693) and is not in the copy; the code",
			},
		},
		{code: "VG", name: "Virgin Islands, British", prefixes: "+1284"},
		{code: "VI", name: "Virgin Islands, U.S.", prefixes: "+1340"},
	}},
	{numbering.Asia, []row{
		{code: "AF", name: "Afghanistan", prefixes: "+93"},
		{code: "AM", name: "Armenia", prefixes: "+374"},
		{code: "AZ", name: "Azerbaijan", prefixes: "+994"},
		{code: "BH", name: "Bahrain", prefixes: "+973"},
		{code: "BD", name: "Bangladesh", prefixes: "+880"},
		{code: "BT", name: "Bhutan", prefixes: "+975"},
		{code: "IO", name: "British Indian Ocean Territory", prefixes: "+246", messaging: notListed},
		{code: "BN", name: "Brunei", prefixes: "+673"},
		{code: "KH", name: "Cambodia", prefixes: "+855"},
		{
			code: "CN", name: "China", prefixes: "+86",
			voice: entry{unverified: notInVoiceCopy},
		},
		{code: "TL", name: "East Timor", prefixes: "+670"},
		{code: "GE", name: "Georgia", prefixes: "+995"},
		{code: "HK", name: "Hong Kong", prefixes: "+852"},
		{code: "IN", name: "India", prefixes: "+91"},
		{code: "ID", name: "Indonesia", prefixes: "+62"},
		{code: "IR", name: "Iran", prefixes: "+98"},
		{code: "IQ", name: "Iraq", prefixes: "+964"},
		{code: "IL", name: "Israel", prefixes: "+972"},
		{code: "JP", name: "Japan", prefixes: "+81"},
		{code: "JO", name: "Jordan", prefixes: "+962"},
		{
			code: "KP", prefixes: "+850", messaging: entry{name: "Korea Dem People's Rep"},
			voice: entry{name: "Korea, Dem People's Rep"},
		},
		{
			code: "KR", prefixes: "+82", messaging: entry{name: "Korea Republic of"},
			voice: entry{name: "Korea, Republic of"},
		},
		{code: "KW", name: "Kuwait", prefixes: "+965"},
		{code: "KG", name: "Kyrgyzstan", prefixes: "+996"},
		{code: "LA", name: "Laos PDR", prefixes: "+856"},
		{code: "LB", name: "Lebanon", prefixes: "+961"},
		{code: "MO", name: "Macau", prefixes: "+853"},
		{code: "MY", name: "Malaysia", prefixes: "+60"},
		{code: "MV", name: "Maldives", prefixes: "+960"},
		{code: "MN", name: "Mongolia", prefixes: "+976"},
		{code: "MM", name: "Myanmar", prefixes: "+95"},
		{code: "NP", name: "Nepal", prefixes: "+977"},
		{code: "OM", name: "Oman", prefixes: "+968"},
		{code: "PK", name: "Pakistan", prefixes: "+92"},
		{
			code: "PS", name: "Palestinian Territory",
			messaging: entry{prefixes: "+970 +972", note: "+972 is Israel's code, and numbers under it are IL here"},
			voice:     entry{prefixes: "+970"},
		},
		{code: "PH", name: "Philippines", prefixes: "+63"},
		{code: "QA", name: "Qatar", prefixes: "+974"},
		{code: "SA", name: "Saudi Arabia", prefixes: "+966"},
		{code: "SG", name: "Singapore", prefixes: "+65"},
		{code: "LK", name: "Sri Lanka", prefixes: "+94"},
		{code: "SY", name: "Syria", prefixes: "+963"},
		{code: "TW", name: "Taiwan", prefixes: "+886"},
		{code: "TJ", name: "Tajikistan", prefixes: "+992"},
		{code: "TH", name: "Thailand", prefixes: "+66"},
		{code: "TR", prefixes: "+90", messaging: entry{name: "Turkiye"}, voice: entry{name: "Turkey"}},
		{code: "TM", name: "Turkmenistan", prefixes: "+993"},
		{code: "AE", name: "United Arab Emirates", prefixes: "+971"},
		{code: "UZ", name: "Uzbekistan", prefixes: "+998"},
		{code: "VN", name: "Vietnam", prefixes: "+84"},
		{code: "YE", name: "Yemen", prefixes: "+967"},
		{
			code: "RU", name: "Russia/Kazakhstan", prefixes: "+7", territories: "RU KZ",
			note:      "one entry for two territories",
			messaging: entry{unverified: "that it is listed, which it is in older copies only; the code"},
			voice:     entry{unverified: "the code"},
		},
	}},
	{numbering.Europe, []row{
		{code: "AL", name: "Albania", prefixes: "+355"},
		{code: "AD", name: "Andorra", prefixes: "+376"},
		{code: "AT", name: "Austria", prefixes: "+43"},
		{code: "BY", name: "Belarus", prefixes: "+375"},
		{code: "BE", name: "Belgium", prefixes: "+32"},
		{code: "BA", name: "Bosnia and Herzegovina", prefixes: "+387"},
		{code: "BG", name: "Bulgaria", prefixes: "+359"},
		{
			name: "Canary Islands", prefixes: "+3491", territories: "ES",
			note:       "the islands number as all of Spain does, and are ES here; +34 91 is Madrid",
			unverified: "the code", voice: notListed,
		},
		{code: "HR", name: "Croatia", prefixes: "+385"},
		{code: "CY", name: "Cyprus", prefixes: "+357"},
		{code: "CZ", name: "Czech Republic", prefixes: "+420"},
		{code: "DK", name: "Denmark", prefixes: "+45"},
		{code: "EE", name: "Estonia", prefixes: "+372"},
		{code: "FO", name: "Faroe Islands", prefixes: "+298"},
		{
			code: "FI", name: "Finland/Aland Islands", prefixes: "+358", territories: "FI AX",
			note: "one entry for two territories", unverified: "the code",
		},
		{code: "FR", name: "France", prefixes: "+33"},
		{code: "DE", name: "Germany", prefixes: "+49"},
		{code: "GI", name: "Gibraltar", prefixes: "+350"},
		{code: "GR", name: "Greece", prefixes: "+30"},
		// Guernsey and Jersey were one entry before May 2023
		// (https://www.twilio.com/en-us/changelog, 2023-05-18).
		{code: "GG", name: "Guernsey", prefixes: "+44", voice: notListed},
		{code: "HU", name: "Hungary", prefixes: "+36"},
		{code: "IS", name: "Iceland", prefixes: "+354"},
		{code: "IE", name: "Ireland", prefixes: "+353"},
		{code: "IM", name: "Isle of Man", prefixes: "+44", voice: notListed},
		{code: "IT", name: "Italy", prefixes: "+39"},
		{code: "JE", name: "Jersey", prefixes: "+44", voice: notListed},
		{code: "XK", name: "Kosovo", prefixes: "+383", unverified: "the code"},
		{code: "LV", name: "Latvia", prefixes: "+371"},
		{code: "LI", name: "Liechtenstein", prefixes: "+423"},
		{code: "LT", name: "Lithuania", prefixes: "+370"},
		{code: "LU", name: "Luxembourg", prefixes: "+352"},
		{code: "MT", name: "Malta", prefixes: "+356"},
		{code: "MD", name: "Moldova", prefixes: "+373"},
		{code: "MC", name: "Monaco", prefixes: "+377"},
		{code: "ME", name: "Montenegro", prefixes: "+382"},
		{code: "NL", name: "Netherlands", prefixes: "+31"},
		{
			code: "NO", name: "Norway", prefixes: "+47", territories: "NO SJ",
			note: "Svalbard numbers under the same code",
		},
		{code: "PL", name: "Poland", prefixes: "+48"},
		{code: "PT", name: "Portugal", prefixes: "+351"},
		{
			code: "MK", prefixes: "+389", messaging: entry{name: "Republic of North Macedonia"},
			voice: entry{name: "Macedonia"},
		},
		{code: "RO", name: "Romania", prefixes: "+40"},
		{code: "SM", name: "San Marino", prefixes: "+378"},
		{code: "RS", name: "Serbia", prefixes: "+381"},
		{code: "SK", name: "Slovakia", prefixes: "+421"},
		{code: "SI", name: "Slovenia", prefixes: "+386"},
		{code: "ES", name: "Spain", prefixes: "+34"},
		{code: "SE", name: "Sweden", prefixes: "+46"},
		{code: "CH", name: "Switzerland", prefixes: "+41"},
		{
			name: "Turkish Republic of Northern Cyprus", territories: "TR",
			note: "its numbers are within Türkiye's code, and are TR here", unverified: "the code",
			messaging: entry{prefixes: "+90"}, voice: entry{prefixes: "+90392"},
		},
		{code: "UA", name: "Ukraine", prefixes: "+380"},
		{
			code: "GB", name: "United Kingdom", prefixes: "+44",
			voice: entry{
				territories: "GB GG JE IM",
				note:        "one entry for four territories: the copy has none for the other three",
			},
		},
		{
			code: "VA", name: "Vatican City", prefixes: "+379",
			note: "the Vatican numbers under +39 06 698, which Twilio's Italy has by its prefix",
		},
	}},
	{numbering.SouthAmerica, []row{
		{code: "AR", name: "Argentina", prefixes: "+54"},
		{code: "BO", name: "Bolivia", prefixes: "+591"},
		{code: "BR", name: "Brazil", prefixes: "+55"},
		{code: "CL", name: "Chile", prefixes: "+56"},
		{code: "CO", name: "Colombia", prefixes: "+57"},
		{code: "EC", name: "Ecuador", prefixes: "+593"},
		{
			code: "FK", name: "Falkland Islands", prefixes: "+500", territories: "FK GS",
			note: "South Georgia numbers under the same code",
		},
		{code: "GF", name: "French Guiana", prefixes: "+594"},
		{code: "GY", name: "Guyana", prefixes: "+592"},
		{code: "PY", name: "Paraguay", prefixes: "+595"},
		{code: "PE", name: "Peru", prefixes: "+51"},
		{code: "SR", name: "Suriname", prefixes: "+597"},
		{code: "UY", name: "Uruguay", prefixes: "+598"},
		{code: "VE", name: "Venezuela", prefixes: "+58"},
	}},
	{numbering.Africa, []row{
		{code: "DZ", name: "Algeria", prefixes: "+213"},
		{code: "AO", name: "Angola", prefixes: "+244"},
		{code: "BJ", name: "Benin", prefixes: "+229"},
		{code: "BW", name: "Botswana", prefixes: "+267"},
		{code: "BF", name: "Burkina Faso", prefixes: "+226"},
		{code: "BI", name: "Burundi", prefixes: "+257"},
		{code: "CM", name: "Cameroon", prefixes: "+237"},
		{code: "CV", name: "Cape Verde", prefixes: "+238"},
		{code: "CF", name: "Central Africa", prefixes: "+236"},
		{code: "TD", name: "Chad", prefixes: "+235"},
		{code: "KM", name: "Comoros", prefixes: "+269"},
		{code: "CG", name: "Congo", prefixes: "+242"},
		{code: "CD", name: "Congo, Dem Rep", prefixes: "+243"},
		{code: "DJ", name: "Djibouti", prefixes: "+253"},
		{code: "EG", name: "Egypt", prefixes: "+20"},
		{code: "GQ", name: "Equatorial Guinea", prefixes: "+240"},
		{code: "ER", name: "Eritrea", prefixes: "+291"},
		{code: "ET", name: "Ethiopia", prefixes: "+251"},
		{code: "GA", name: "Gabon", prefixes: "+241"},
		{code: "GM", name: "Gambia", prefixes: "+220"},
		{code: "GH", name: "Ghana", prefixes: "+233"},
		{code: "GN", name: "Guinea", prefixes: "+224"},
		{code: "GW", name: "Guinea-Bissau", prefixes: "+245"},
		{code: "CI", name: "Ivory Coast", prefixes: "+225"},
		{code: "KE", name: "Kenya", prefixes: "+254"},
		{code: "LS", name: "Lesotho", prefixes: "+266"},
		{code: "LR", name: "Liberia", prefixes: "+231"},
		{code: "LY", name: "Libya", prefixes: "+218"},
		{code: "MG", name: "Madagascar", prefixes: "+261"},
		{code: "MW", name: "Malawi", prefixes: "+265"},
		{code: "ML", name: "Mali", prefixes: "+223"},
		{code: "MR", name: "Mauritania", prefixes: "+222"},
		{code: "MU", name: "Mauritius", prefixes: "+230"},
		{
			code: "MA", name: "Morocco/Western Sahara", prefixes: "+212", territories: "MA EH",
			note: "one entry for two territories", unverified: "the code",
		},
		{code: "MZ", name: "Mozambique", prefixes: "+258"},
		{code: "NA", name: "Namibia", prefixes: "+264"},
		{code: "NE", name: "Niger", prefixes: "+227"},
		{code: "NG", name: "Nigeria", prefixes: "+234"},
		{
			code: "RE", name: "Reunion/Mayotte", prefixes: "+262", territories: "RE YT TF",
			note:       "one entry for two territories, and the French Southern Territories number under the same code",
			unverified: "the code",
		},
		{code: "RW", name: "Rwanda", prefixes: "+250"},
		{
			code: "ST", name: "Sao Tome and Principe", prefixes: "+239",
			voice: entry{unverified: notInVoiceCopy},
		},
		{code: "SN", name: "Senegal", prefixes: "+221"},
		{code: "SC", name: "Seychelles", prefixes: "+248"},
		{code: "SL", name: "Sierra Leone", prefixes: "+232"},
		{code: "SO", name: "Somalia", prefixes: "+252"},
		{code: "ZA", name: "South Africa", prefixes: "+27"},
		{code: "SS", name: "South Sudan", prefixes: "+211"},
		{code: "SD", name: "Sudan", prefixes: "+249"},
		{code: "SZ", name: "Swaziland", prefixes: "+268"},
		{code: "TZ", name: "Tanzania", prefixes: "+255"},
		{code: "TG", name: "Togo", prefixes: "+228"},
		{code: "TN", name: "Tunisia", prefixes: "+216"},
		{code: "UG", name: "Uganda", prefixes: "+256"},
		{code: "ZM", name: "Zambia", prefixes: "+260"},
		{code: "ZW", name: "Zimbabwe", prefixes: "+263"},
	}},
	{numbering.Oceania, []row{
		{code: "AS", name: "American Samoa", prefixes: "+1684"},
		{
			code: "AU", name: "Australia/Cocos/Christmas Island", prefixes: "+61", territories: "AU CC CX",
			note: "one entry for three territories", unverified: "the code",
		},
		{code: "CK", name: "Cook Islands", prefixes: "+682"},
		{code: "FJ", name: "Fiji", prefixes: "+679"},
		{code: "PF", name: "French Polynesia", prefixes: "+689"},
		{code: "GU", name: "Guam", prefixes: "+1671"},
		{code: "KI", name: "Kiribati", prefixes: "+686"},
		{code: "MH", name: "Marshall Islands", prefixes: "+692"},
		{code: "FM", name: "Micronesia", prefixes: "+691"},
		{code: "NC", name: "New Caledonia", prefixes: "+687"},
		{
			code: "NZ", name: "New Zealand", prefixes: "+64", territories: "NZ PN",
			note: "Pitcairn numbers under the same code",
		},
		{
			code: "NU", name: "Niue", prefixes: "+683",
			voice: entry{unverified: notInVoiceCopy},
		},
		{
			code: "NF", prefixes: "+672", territories: "NF AQ",
			messaging: entry{
				name: "Norfolk Island",
				note: "the Australian bases in Antarctica number under the same code",
			},
			voice: entry{
				name:       "Australian External Territories",
				note:       "one entry for two territories",
				unverified: "the code",
			},
		},
		{code: "MP", name: "Northern Mariana Islands", prefixes: "+1670"},
		{code: "PW", name: "Palau", prefixes: "+680"},
		{code: "PG", name: "Papua New Guinea", prefixes: "+675"},
		{code: "WS", name: "Samoa", prefixes: "+685"},
		{code: "SB", name: "Solomon Islands", prefixes: "+677"},
		{code: "TO", name: "Tonga", prefixes: "+676"},
		{
			code: "TV", name: "Tuvalu", prefixes: "+688",
			voice: entry{unverified: notInVoiceCopy},
		},
		{code: "VU", name: "Vanuatu", prefixes: "+678"},
		{
			code: "WF", name: "Wallis and Futuna", prefixes: "+681",
			voice: entry{unverified: notInVoiceCopy},
		},
	}},
}

// absent are territories that no entry of a list covers, separated by spaces.
type absent struct{ territories, reason string }

var absentTable = [policy.ChannelCount][]absent{
	policy.Messaging: {
		{"BV HM UM", "no numbers exist there"},
		{"IO NR SH TA TK", "in no known copy of the list"},
		{"+800 +808 +870 +878 +881 +882 +883 +888 +979", "the copy has no international networks"},
	},
	policy.Voice: {
		{"BV HM UM", "no numbers exist there"},
		{"NR SH TA TK", "in no known copy of the list"},
		{
			"+800 +808 +870 +878 +881 +882 +883 +888 +979",
			"the copy has no international networks; whether Twilio has is unverified",
		},
	},
}
