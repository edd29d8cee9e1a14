package numbering

import (
	"strings"
	"testing"
)

// describe writes an owner as the tables of the tests do: "US,CA" where both
// are needed, "US|CA" where one will do.
func describe(o Assignment) string {
	if !o.Assigned() {
		return "unassigned"
	}
	var codes []string
	for _, t := range o.Territories {
		codes = append(codes, t.String())
	}
	separator, suffix := ",", ""
	if o.Any {
		separator, suffix = "|", " any"
	}
	if !o.Listed {
		suffix += " unlisted"
	}
	return strings.Join(codes, separator) + " " + o.Kinds.String() + suffix
}

func TestWhoseANumberIs(t *testing.T) {
	plan := Default()
	tests := []struct {
		name, number, want string
	}{
		{"a German mobile", "4915112345678", "DE mobile"},
		{"a British premium number", "449012345678", "GB premium_rate"},
		{"an Australian shared-cost number", "611300123456", "AU shared_cost"},
		{"an Argentine mobile, with its 9", "5491123456789", "AR mobile"},
		{"the same as it is called from afar, without", "541123456789", "AR fixed_line"},
		{"Kosovo", "38343201234", "XK mobile"},
		{"Ascension", "24762889", "AC fixed_line"},

		// Codes that territories share.
		{"Russia", "79161234567", "RU mobile"},
		{"Kazakhstan", "77012345678", "KZ mobile"},
		{"Russian toll-free, which Kazakhstan has too", "78001234567", "RU toll_free"},
		{"Italy", "390612345678", "IT fixed_line"},
		{"the Vatican", "390669812345", "VA fixed_line"},
		{"Great Britain", "447400123456", "GB mobile"},
		{"Jersey", "447797712345", "JE mobile"},
		{"Guernsey", "447911123456", "GG mobile"},
		{"Man", "447624012345", "IM mobile"},
		{"a personal number, which the islands have too", "447012345678", "GB personal_number"},
		{"Norway", "4740612345", "NO mobile"},
		{"Svalbard", "4779021234", "SJ fixed_line"},
		{"Australia", "61412345678", "AU mobile"},
		{"Cocos Islands", "61891621234", "CC fixed_line"},
		{"Christmas Island", "61891641234", "CX fixed_line"},
		{"Western Sahara, which libphonenumber gives to Morocco", "212528812345", "MA fixed_line"},
		{"Réunion", "262262161234", "RE fixed_line"},
		{"Mayotte", "262639012345", "YT mobile"},
		{"Saint Helena", "29051234", "SH mobile"},
		{"Tristan da Cunha", "2908999", "TA fixed_line"},
		{"Finland", "358412345678", "FI mobile"},
		{"Åland", "358181234567", "AX fixed_line"},
		{"Guadeloupe", "590590201234", "GP fixed_line"},
		{"Saint Barthélemy", "590590271234", "BL fixed_line"},
		{"a mobile of Guadeloupe and its neighbours", "590690001234", "GP mobile"},
		{"Curaçao", "59995181234", "CW mobile"},
		{"Bonaire", "5997151234", "BQ fixed_line"},

		// Codes of no country.
		{"international freephone", "80012345678", "+800 toll_free"},
		{"Inmarsat", "870301234567", "+870 mobile"},
		{"Iridium", "881612345678", "+881 mobile"},
		{"an unlisted number of a network of no country", "882421234567", "+882 mobile|voip unlisted"},
		{"international premium rate", "979123456789", "+979 premium_rate"},

		// Numbers that no pattern accepts.
		{"an Abkhazian number", "79401234567", "RU mobile"},
		{"an unassigned range of Russia", "73111234567", "RU fixed_line unlisted"},
		{"one of Kazakhstan", "77891234567", "KZ mobile unlisted"},
		{"a digit neither of them uses", "76123456789", "RU,KZ fixed_line_or_mobile unlisted"},
		{"a gap in the British mobile ranges", "447911312345", "GB,GG,IM,JE mobile unlisted"},
		{"a gap in the landlines of Man, by its leading digits", "441624123456", "IM fixed_line unlisted"},
		{"a code of one territory alone", "4900000", "DE fixed_line_or_mobile unlisted"},
		{"nothing behind the calling code", "44", "GB,GG,IM,JE fixed_line_or_mobile unlisted"},
		{"Norfolk Island or Antarctica", "672112345", "NF,AQ fixed_line unlisted"},
		{"the code that the Vatican does not use", "379123456", "VA fixed_line_or_mobile unlisted"},

		// Unassigned.
		{"an unassigned code", "999123456789", "unassigned"},
		{"another", "210123456789", "unassigned"},
		{"no number", "", "unassigned"},
		{"part of a calling code", "9", "unassigned"},
		{"no calling code begins with 0", "0441212345678", "unassigned"},
		{"not digits", "44abc", "unassigned"},
		{"a plus is not a digit", "+441212345678", "unassigned"},
	}
	for _, test := range tests {
		if got := describe(plan.Lookup(test.number)); got != test.want {
			t.Errorf("%s: %q is %s, want %s", test.name, test.number, got, test.want)
		}
	}
}

func TestDigitsAreTakenAsTheyStand(t *testing.T) {
	plan := Default()
	tests := []struct {
		name, number string
		listed       bool
	}{
		{"a British mobile", "447400123456", true},
		{"with the trunk 0 left in", "4407400123456", false},
		{"a German number with the trunk 0", "490301234567", false},
		{"a Russian number with the trunk 8", "789161234567", false},
		{"an Italian landline, whose 0 belongs to it", "390612345678", true},
		{"without its 0", "39612345678", false},
		{"with one 0 too many", "3900612345678", false},
		{"an Italian mobile", "393123456789", true},
		{"with a 0 before and a digit more", "390312345678901", false},
		{"a Mexican mobile with the 1 of old", "5212221234567", false},
		{"a Mexican mobile", "522221234567", true},
		{"an Ivorian number, which may begin with 0", "2250123456789", true},
		{"an American number with the 1 repeated", "112125551234", false},
		{"the shortest number of Saint Helena", "29020000", true},
		{"a digit fewer", "2902000", false},
		{"all zeros", "390000000000", false},
		{"more digits than any number has", "44740012345674001234567400", false},
	}
	for _, test := range tests {
		if got := plan.Lookup(test.number); got.Listed != test.listed || !got.Assigned() {
			t.Errorf("%s: %q is %s", test.name, test.number, describe(got))
		}
	}
}

func TestTheKindsOfAnUnlistedNumberAreThoseThatReachFarthest(t *testing.T) {
	plan := Default()
	tests := []struct {
		name, number, want string
	}{
		{"a premium range with a digit too many", "4490123456789", "premium_rate"},
		{"a premium number cut short", "44901234", "premium_rate"},
		{"a mobile cut short", "49151123", "mobile"},
		{"a prefix of several kinds", "4480", "toll_free"},
		{"the first digit leads nowhere", "4900", "fixed_line_or_mobile"},
		{"a satellite number with too many digits", "88161234567890", "mobile"},
	}
	for _, test := range tests {
		assignment := plan.Lookup(test.number)
		if got := assignment.Kinds.String(); got != test.want || assignment.Listed {
			t.Errorf("%s: +%s is %s, want %s", test.name, test.number, describe(assignment), test.want)
		}
	}
}
