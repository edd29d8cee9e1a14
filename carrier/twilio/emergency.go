package twilio

import "strings"

// emergencyRow are the emergency numbers of one country: numbers, which libphonenumber's
// metadata has as such
// (https://github.com/google/libphonenumber/blob/master/resources/ShortNumberMetadata.xml),
// and others, which only the source has. A test compares them with the metadata.
type emergencyRow struct{ territories, code, numbers, others, source string }

// emergencyTable has the countries of Twilio's page on emergency numbers, US, CA, GB,
// AU, IE, FR, DE, AT, MY, TH, PH, NZ and IT: "You can call emergency numbers with or
// without the country code, except for 2-digit emergency numbers that always require the
// country code"
// (https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice/emergency-telephone-numbers).
// Most of the others are short numbers of another kind in libphonenumber; it does not
// have 112 and 911 in Thailand at all. Missing a number is worse than having one that
// Twilio does not call.
var emergencyTable = []emergencyRow{
	// 988 is for people in a personal crisis.
	{"US CA", "1", "911 112", "988", "FCC 20-100; CRTC 2022-234"},
	{"GB GG IM JE", "44", "112 999", "", "Ofcom, National Telephone Numbering Plan"},
	// 106 is for text telephones.
	{"AU", "61", "000 106 112", "", "ACMA, Telecommunications Numbering Plan"},
	{"IE", "353", "112 999", "", "ComReg, Numbering Conditions of Use"},
	// Doctors, police, fire; the deaf, the homeless, children, rescue by air and at sea.
	{"FR", "33", "15 17 18 112", "114 115 119 191 196", "Arcep, plan national de numérotation: numéros d'urgence"},
	{"DE", "49", "110 112", "", "Notrufverordnung"},
	// Fire, police, ambulance; mountains, doctors, people in a crisis, children.
	{"AT", "43", "112 122 133 144", "140 141 142 147", "KEM-V: Rufnummern für Notrufdienste"},
	{"MY", "60", "112 999", "", "MCMC, Numbering and Electronic Addressing Plan"},
	// Police, fire, ambulance; tourists.
	{"TH", "66", "191 199 1669", "112 911 1155", "NBTC, short codes for emergencies"},
	{"PH", "63", "112 117 911", "", "Executive Order 56 of 2018"},
	{"NZ", "64", "111", "", "Number Administration Deed"},
	// Police, fire, ambulance; children, the sea.
	{"IT", "39", "112 113 115 118", "114 1530", "Agcom, piano di numerazione nazionale"},
}

// servicesTable are other numbers of three digits in +1 that are never international
// calls: the N11 codes (https://www.nanpa.com/numbering/n11-codes), and the test of the
// caller's emergency address, which hangs up by itself
// (https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice).
const servicesTable = "211 311 411 511 611 711 811 933"

// shortestBare is the least number of digits of an emergency number that is dialled
// without its calling code.
const shortestBare = 3

// emergencyNumbers are all digits that reach an emergency service.
func emergencyNumbers() map[string]bool {
	all := make(map[string]bool)
	for _, row := range emergencyTable {
		for number := range strings.FieldsSeq(row.numbers + " " + row.others) {
			all[row.code+number] = true
			if len(number) >= shortestBare {
				all[number] = true
			}
		}
	}
	return all
}

func serviceNumbers() map[string]bool {
	all := make(map[string]bool)
	for number := range strings.FieldsSeq(servicesTable) {
		all[number] = true
	}
	return all
}
