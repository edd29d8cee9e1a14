package address

import (
	"net/netip"
	"strings"
	"testing"
	"unicode"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// testDialect has one of everything that a carrier's dialect can have.
var testDialect = &Dialect{
	Schemes: map[string]Scheme{
		"whatsapp": UserScheme, "rcs": NumberScheme, "tel": TelephoneScheme, "sms": NumberScheme, "sim": SIDScheme,
		"client": OtherScheme, "app": OtherScheme, "messenger": OtherScheme, "apple": OtherScheme, "mailto": OtherScheme,
		"sip": SIPScheme, "sips": SIPScheme,
	},
	SIPHosts: []SIPHost{
		{Suffix: "twilio.com", Dials: true},
		{Suffix: "pstn.twilio.com", Dials: true},
		{Suffix: "sip.twilio.com", Dials: false},
	},
	TestPrefixes:  []string{"150055500"},
	SIPNetworks:   []netip.Prefix{netip.MustParsePrefix("54.172.60.0/30")},
	SIPParameters: []string{"transport", "region", "edge", "user"},
	Emergency:     setOf("911", "1911", "112", "44112", "353112", "999", "44999", "000", "61000", "110", "49110", "3315", "1669", "661669"),
	Services:      setOf("933", "411"),
}

func setOf(list ...string) map[string]bool {
	set := make(map[string]bool)
	for _, s := range list {
		set[s] = true
	}
	return set
}

func testReader(strict bool) *Reader {
	return &Reader{Plan: numbering.Default(), Dialect: testDialect, NationalStrict: strict}
}

// meaning describes a reading as the tables do: what it is, or its numbers with
// whose they are, "US +1201…, GB? +44…". A question mark marks a number that no
// pattern accepts; "every" are all territories of +1.
func meaning(r Reading) string {
	switch r.Meaning {
	case Missing:
		return "missing"
	case NotANumber:
		return "not a number"
	case Unreadable:
		return "unreadable"
	case Emergency:
		return "emergency"
	}
	var numbers []string
	for _, n := range r.Numbers.All() {
		owner, _, _ := strings.Cut(describe(n.Assignment), " ")
		if strings.HasPrefix(owner, "US,AG,") {
			owner = "every"
		}
		if !n.Assignment.Listed && n.Assignment.Assigned() {
			owner += "?"
		}
		numbers = append(numbers, owner+" +"+n.Digits)
	}
	return strings.Join(numbers, ", ")
}

// The ways to read a text: as which of the two, and with the shape rule for US
// numbers, strictly without it, or both ways with the same result.
type way uint8

const (
	message way = 1 << iota
	call
	lenient
	strictly

	either = message | call
)

var readingTests = []struct {
	text string
	way  way
	want string
}{
	// Strict E.164: the digits as they stand.
	{"+12015550123", either, "US +12015550123"},
	{"+447400123456", either, "GB +447400123456"},
	{"+447911123456", either, "GG +447911123456"},
	{"+998912345678", either, "UZ +998912345678"},
	{"+4930123456", either, "DE +4930123456"},
	{"+390612345678", either, "IT +390612345678"},
	{"+2250123456789", either, "CI +2250123456789"},
	{"+18003569377", either, "US|CA +18003569377"},
	{"+881612345678", either, "+881 +881612345678"},
	{"+870301234567", either, "+870 +870301234567"},
	{"+979123456789", either, "+979 +979123456789"},
	{"+77012345678", either, "KZ +77012345678"},
	{"+79161234567", either, "RU +79161234567"},
	{"+358181234567", either, "AX +358181234567"},
	{"+6825975784", either, "CK? +6825975784"},
	{"+1", either, "every? +1"},
	{"+123456789012345", either, "US? +123456789012345"},
	{"+1234567890123456", either, "unreadable"},

	// Unlisted ranges and unassigned codes.
	{"+998111111111", either, "UZ? +998111111111"},
	{"+447911312345", either, "GB,GG,IM,JE? +447911312345"},
	{"+4900000", either, "DE? +4900000"},
	{"+73111234567", either, "RU? +73111234567"},
	{"+12005550123", either, "every? +12005550123"},
	{"+999123456789", either, "unassigned +999123456789"},
	{"+210123456789", either, "unassigned +210123456789"},

	// A trunk prefix behind the code: dropped where that makes a number.
	{"+4407911123456", either, "GG +447911123456"},
	{"+440 7911 123456", either, "GG +447911123456"},
	{"+44 (0)7911 123456", either, "GG +447911123456"},
	{"+44 (0) 79 11 12 34 56", either, "GG +447911123456"},
	{"+49 (0)30 123456", either, "DE +4930123456"},
	{"+490301234567", either, "DE +49301234567"},
	{"+39 (0)06 698 12345", either, "VA +390669812345, IT? +3900669812345"},
	{"+3900669812345", either, "VA +390669812345, IT? +3900669812345"},
	{"+39000669812345", either, "VA +390669812345, IT? +39000669812345"},
	{"+378 (0)0549 886 377", either, "SM +3780549886377"},
	{"+39 0612345678", either, "IT +390612345678"},
	{"+39 612345678", either, "IT? +39612345678"},
	{"+7 8 9161234567", either, "RU +79161234567"},
	{"+5215512345678", either, "MX? +5215512345678"},
	{"+1 1 201 555 0123", either, "US +12015550123"},
	{"111 201 555 0123", either, "US +12015550123"},
	{"+1 (0) 201 555 0123", either, "US +12015550123"},
	{"+380 0 50 123 4567", either, "UA +380501234567"},

	// International prefixes.
	{"00447911123456", either, "GG +447911123456"},
	{"011447911123456", either, "GG +447911123456"},
	{"00 44 7911 123456", either, "GG +447911123456"},
	{"011 44 (0)7911 123456", either, "GG +447911123456"},
	{"+00447911123456", either, "GG +447911123456"},
	{"+011447911123456", either, "GG +447911123456"},
	{"+0447911123456", either, "unreadable"},
	{"+0011447911123456", either, "GG +447911123456, every? +11447911123456"},
	{"0011447911123456", either, "GG +447911123456, every? +11447911123456"},
	{"00044 7911 123456", either, "unreadable"},
	{"000998912345678", either, "unreadable"},
	{"0012015550123", either, "US +12015550123"},
	{"01112015550123", either, "US +12015550123"},
	{"(00998) 91 234 56 78", either, "UZ +998912345678"},
	{"8~10 998 91 234 56 78", either, "JP? +810998912345678"},

	// Without a plus: the shape of a US number is one, on anything but trunks.
	{"2015550123", either | lenient, "US +12015550123"},
	{"2015550123", either | strictly, "US +12015550123, EG +2015550123"},
	{"12015550123", either, "US +12015550123"},
	{"(201) 555-0123", either | lenient, "US +12015550123"},
	{"(201) 555-0123", either | strictly, "US +12015550123, EG +2015550123"},
	{"201-555-0123", either | lenient, "US +12015550123"},
	{"201-555-0123", either | strictly, "US +12015550123, EG +2015550123"},
	{"201.555.0123", either | lenient, "US +12015550123"},
	{"201.555.0123", either | strictly, "US +12015550123, EG +2015550123"},
	{"1 (201) 555-0123", either, "US +12015550123"},
	{"6825975784", either, "US +16825975784"},
	{"4722345678", either | lenient, "US +14722345678"},
	{"4722345678", either | strictly, "US +14722345678, NO +4722345678"},
	{"14722345678", either, "US +14722345678"},
	{"4155550100", either, "US +14155550100"},
	{"998912345678", either, "UZ +998912345678"},
	{"447911123456", either, "GG +447911123456"},
	{"4930123456", either, "DE +4930123456"},
	{"493012345678", either, "DE +493012345678"},
	{"6823456", either, "CK? +6823456"},
	{"07911123456", either, "unreadable"},
	{"030 123456", either, "unreadable"},
	{"0 201 555 0123", either, "unreadable"},
	{"02071234567", either, "unreadable"},
	{"0447911123456", either, "unreadable"},
	{"11234567890", either, "every? +11234567890"},
	{"5550123", either, "BR? +5550123"},
	{"911234567890", either, "IN +911234567890"},
	{"8612345", either, "CN? +8612345"},

	// Separators of all kinds.
	{"+99 89 12 34 56 78", either, "UZ +998912345678"},
	{"+998-91-234-56-78", either, "UZ +998912345678"},
	{"+998.91.234.56.78", either, "UZ +998912345678"},
	{"+998/91/234/56/78", either, "UZ +998912345678"},
	{"+998_91_234_56_78", either, "UZ +998912345678"},
	{"+998~91~234", either, "UZ? +99891234"},
	{"(+998) 91 2345678", either, "UZ +998912345678"},
	{"[+998] 91 2345678", either, "UZ +998912345678"},
	{"'+998912345678'", either, "UZ +998912345678"},
	{" +998912345678 ", either, "UZ +998912345678"},
	{"\t+998912345678\r\n", either, "UZ +998912345678"},
	{"+998\n912345678", either, "UZ +998912345678"},
	{"-+998912345678", either, "UZ +998912345678"},
	{"++998912345678", either, "unreadable"},
	{"+998+912345678", either, "unreadable"},
	{"+998912345678+", either, "unreadable"},
	{"+998,912345678", either, "UZ +998912345678"},
	{"998&912345678", either, "unreadable"},
	{"+998:912345678", either, "unreadable"},
	{"+998|912345678", either, "unreadable"},
	{"+998\\912345678", either, "unreadable"},
	{"+998\"912345678", either, "unreadable"},
	{"+998%20912345678", either, "unreadable"},
	{"%2B998912345678", either, "unreadable"},
	{"+998=912345678", either, "unreadable"},
	{"+ 998 912345678", either, "UZ +998912345678"},
	{"+(998)912345678", either, "UZ +998912345678"},

	// What Unicode has to offer.
	{"+998\u00a091\u00a02345678", either, "UZ +998912345678"},
	{"+998\u202f912345678", either, "UZ +998912345678"},
	{"+998\u3000912345678", either, "UZ +998912345678"},
	{"+998\u2010912345678", either, "UZ +998912345678"},
	{"+998\u2013912345678", either, "UZ +998912345678"},
	{"+998\u2212912345678", either, "UZ +998912345678"},
	{"+998\u00ad912345678", either, "UZ +998912345678"},
	{"+998\u200b912345678", either, "UZ +998912345678"},
	{"\ufeff+998912345678", either, "UZ +998912345678"},
	{"\u202a+998912345678\u202c", either, "UZ +998912345678"},
	{"\u200e+998912345678", either, "UZ +998912345678"},
	{"+9\u20dd98912345678", either, "UZ +998912345678"},
	{"+998\u2060912345678", either, "UZ +998912345678"},
	{"+998\u3164912345678", either, "UZ +998912345678"},
	{"+998\ufe0f912345678", either, "UZ +998912345678"},
	{"+998\U000e0020912345678", either, "UZ +998912345678"},
	{"＋９９８９１２３４５６７８", either, "UZ +998912345678"},
	{"+９９８９１２３４５６７８", either, "UZ +998912345678"},
	{"（２０１）５５５－０１２３", either | lenient, "US +12015550123"},
	{"（２０１）５５５－０１２３", either | strictly, "US +12015550123, EG +2015550123"},
	{"+٩٩٨٩١٢٣٤٥٦٧٨", either, "UZ +998912345678"},
	{"٢٠١٥٥٥٠١٢٣", either | lenient, "US +12015550123"},
	{"٢٠١٥٥٥٠١٢٣", either | strictly, "US +12015550123, EG +2015550123"},
	{"+۹۹۸۹۱۲۳۴۵۶۷۸", either, "UZ +998912345678"},
	{"+९९८९१२३४५६७८", either, "UZ +998912345678"},
	{"+৯৯৮৯১২৩৪৫৬৭৮", either, "UZ +998912345678"},
	{"+𝟗𝟗𝟖𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", either, "UZ +998912345678"},
	{"+⁹⁹⁸⁹¹²³⁴⁵⁶⁷⁸", either, "UZ +998912345678"},
	{"+9️⃣9️⃣8️⃣912345678", either, "UZ +998912345678"},
	{"+٤٩998912345678", either, "unreadable"},
	{"+99891234567８", either, "unreadable"},
	{"+¹998912345678", either, "unreadable"},
	{"＋6825975784", either, "unreadable"},
	{"➕998912345678", either, "unreadable"},
	{"+998九12345678", either, "unreadable"},
	{"+998½12345678", either, "unreadable"},
	{"+998Ⅸ12345678", message, "unreadable"},
	{"+998•912345678", either, "unreadable"},
	{"+998。912345678", either, "unreadable"},

	// Letters are keys on calls, and nothing to messages.
	{"gdygadba", message, "unreadable"},
	{"gdygadba", call, "AT? +43942322"},
	{"GDYGADBA", call, "AT? +43942322"},
	{"1-800-FLOWERS", message, "unreadable"},
	{"1-800-FLOWERS", call, "US|CA +18003569377"},
	{"1800FLOWERS", call, "US|CA +18003569377"},
	{"+1 800 FLOWERS", call, "US|CA +18003569377"},
	{"＋１ ８００ ＦＬＯＷＥＲＳ", call, "US|CA +18003569377"},
	{"call 12015550123", message, "unreadable"},
	{"call 12015550123", call, "US +12015550123, CI? +225512015550123"},
	{"call 1-800-FLOWERS", call, "US|CA +18003569377, CI? +225518003569377"},
	{"998 tel 912345678", call, "UZ +998912345678"},
	{"+998O912345678", message, "unreadable"},
	{"+998O912345678", call, "UZ +998912345678"},
	{"hello", message, "unreadable"},
	{"hello", call, "AT? +43556"},

	// Extensions: with and without them.
	{"+12015550123x99", either, "US +12015550123"},
	{"+1 201 555 0123 ext. 99", message, "US +12015550123"},
	{"+1 201 555 0123 ext. 99", call, "US +12015550123"},
	{"+1 201 555 0123 extension 99", either, "US +12015550123"},
	{"+12015550123;ext=99", either, "US +12015550123"},
	{"+12015550123,,1234#", either, "US +12015550123"},
	{"+12015550123#99", either, "US +12015550123"},
	{"+12015550123*99", either, "US +12015550123"},
	{"+12015550123wwww1928", message, "unreadable"},
	{"+998x912345678", either, "UZ +998912345678"},
	{"+998ext912345678", either, "UZ +998912345678"},
	{"+998;912345678", either, "UZ +998912345678"},
	{"+12;998912345678", either, "UZ +998912345678, every? +12"},
	{"201-555-0123 x1", message | lenient, "US +12015550123, EG +201555012391, EG +20155501231"},
	{"201-555-0123 x1", call | lenient, "US +12015550123, EG +201555012391, EG +20155501231"},
	{"252555012x3", message | lenient, "US +12525550123, SO? +252555012"},
	{"12015550123xyz", message, "unreadable"},
	{"11X12A012000000", message, "unreadable"},
	{"+998-XA-912345678 x0", call, "UZ +998912345678"},
	{"x99", message, "unreadable"},
	{",998912345678", either, "unreadable"},
	{"*67998912345678", either, "unreadable"},
	{"#31#998912345678", either, "unreadable"},
	{"912345678;phone-context=+998", either, "unreadable"},
	{"912345678;Phone-Context=+998", either, "unreadable"},

	// Schemes.
	{"whatsapp:+998912345678", either, "UZ +998912345678"},
	{"WhatsApp:+998912345678", either, "UZ +998912345678"},
	{"WHATSAPP: 998912345678", either, "UZ +998912345678"},
	{"whatsapp：+998912345678", either, "UZ +998912345678"},
	{"rcs:+998912345678", either, "UZ +998912345678"},
	{"tel:+998912345678", either, "UZ +998912345678"},
	{"tel:+998-91-234-5678;ext=12", either, "UZ +998912345678"},
	{"tel:911", call, "emergency"},
	{"tel:911", message, "IN? +911"},
	{"tel:912345678;phone-context=+998", either, "unreadable"},
	{"tel:912345678;PHONE-CONTEXT=+998", either, "unreadable"},
	{"sms:+998912345678", either, "UZ +998912345678"},
	{"whatsapp:12345", message, "US? +12345"},
	{"whatsapp:2015550123", either | lenient, "US +12015550123"},
	{"whatsapp:2015550123", either | strictly, "US +12015550123, EG +2015550123"},
	{"whatsapp:", either, "unreadable"},
	{"whatsapp:hello", message, "not a number"},
	{"whatsapp:hello", call, "AT? +43556"},
	{"whatsapp:whatsapp:+998912345678", either, "unreadable"},
	{"whatsapp:tel:+998912345678", either, "unreadable"},
	{"whatsapp:sip:+998912345678@x.pstn.twilio.com", either, "unreadable"},
	{"whatsapp:+998912345678@c.us", either, "unreadable"},
	{"whats app:+998912345678", either, "unreadable"},
	{"fax:+998912345678", either, "unreadable"},
	{"http://example.com/+998912345678", either, "unreadable"},
	{":+998912345678", either, "unreadable"},
	{"client:alice", either, "not a number"},
	{"CLIENT:+998912345678", either, "not a number"},
	{"client:", either, "not a number"},
	{"client:alice?to=+998912345678", either, "not a number"},
	{"app:AP11111111111111111111111111111111", either, "not a number"},
	{"messenger:1234567890", either, "not a number"},
	{"apple:urn:biz:1234", either, "not a number"},
	{"mailto:alice@example.com", either, "not a number"},
	{"alice@example.com", either, "not a number"},
	{"+998912345678@example.com", either, "unreadable"},
	{"jürgen@example.com", either, "not a number"},

	// SIP.
	{"sip:alice@pbx.example", either, "not a number"},
	{"sips:alice@pbx.example", either, "not a number"},
	{"sip:+998912345678@pbx.example", either, "not a number"},
	{"sip:pbx.example", either, "not a number"},
	{"sip:alice@10.0.0.1:5060", either, "not a number"},
	{"sip:alice@[2001:db8::1]:5060", either, "not a number"},
	{"sip:alice@bücher.example", either, "unreadable"},
	{"sip:+998912345678", either, "unreadable"},
	{"sip:998912345678", either, "unreadable"},
	{"sip:alice@998912345678", either, "unreadable"},
	{"sip:", either, "unreadable"},
	{"sip:@", either, "unreadable"},
	{"sip:+998912345678@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"SIP:+998912345678@X.PSTN.TWILIO.COM", either, "UZ +998912345678"},
	{"sips:998912345678@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"+998912345678@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"sip:00998912345678@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"sip:%2B998%39%312345678@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"sip:%zz@x.pstn.twilio.com", either, "unreadable"},
	{"sip:+998912345678:secret@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"sip:+998912345678;isub=1@x.pstn.twilio.com", either, "UZ +998912345678"},
	{"sip:912345678;phone-context=+998@x.pstn.twilio.com", either, "unreadable"},
	{"sip:+998912345678@x.pstn.twilio.com:5061;transport=tls?X-Trace=1", either, "UZ +998912345678"},
	{"sip:+998912345678@x.pstn.twilio.com.", either, "UZ +998912345678"},
	{"sip:+998912345678@x.pstn.twilio.com..:5060", either, "UZ +998912345678"},
	{"sip:+998912345678@x.pstn.us1.twilio.com", either, "UZ +998912345678"},
	{"sip:+998912345678@pstn.twilio.com.example", either, "not a number"},
	{"sip:alice@x.pstn.twilio.com", either, "unreadable"},
	{"sip:6825975784@x.pstn.twilio.com", either, "US +16825975784, CK? +6825975784"},
	{"sip:4722345678@x.pstn.twilio.com", either, "US +14722345678, NO +4722345678"},
	{"sip:12015550123@x.pstn.twilio.com", either, "US +12015550123"},
	{"sip:5005550006@x.pstn.twilio.com", either, "FK? +5005550006"},
	{"sip:+٤٩998912345678@x.pstn.twilio.com", either, "unreadable"},
	{"sip:%D9%A4998912345678@x.pstn.twilio.com", either, "unreadable"},
	{"sip:a@b@x.pstn.twilio.com", either, "unreadable"},
	{"sip:+998912345678@x.pstn.twilio.com@pbx.example", either, "unreadable"},
	{"sip:+998912345678@x.pstn.twilio.com?a@pbx.example", either, "unreadable"},
	{"sip:+998912345678?@x.pstn.twilio.com", either, "unreadable"},
	{"sip:alice@x.pstn.twilio。com", either, "unreadable"},
	{"sip:alice@x.pstn.twilio\u00ad.com", either, "unreadable"},
	{"sip:alice＠x.pstn.twilio.com", either, "unreadable"},
	{"sip:alice@x.pstn.twilio.com\x00.example", either, "unreadable"},
	{"sip:alice@x.pstn%2Etwilio.com", either, "unreadable"},
	{"\"Alice\" <sip:+998912345678@x.pstn.twilio.com>", either, "unreadable"},
	{"\"sip:+998912345678@x.pstn.twilio.com\"", either, "unreadable"},
	{"sip:alice@x.sip.twilio.com", either, "not a number"},
	{"sip:1001@x.sip.twilio.com", either, "not a number"},
	{"sip:998912345678@x.sip.twilio.com", either, "not a number"},
	{"sip:2015550123@x.sip.twilio.com", either, "not a number"},
	{"sip:+12015550123@x.sip.twilio.com", either, "US +12015550123"},
	{"sip:%2b12015550123@x.sip.twilio.com", either, "US +12015550123"},
	{"sip:2015550123@x.sip.twilio.com;user=phone", either | lenient, "US +12015550123, EG +2015550123"},
	{"sip:+998111111111@x.sip.twilio.com", either, "UZ? +998111111111"},
	{"sip:+alice@x.sip.twilio.com", either, "unreadable"},
	{"sip:998912345678@pbx.example;user=phone", either, "UZ +998912345678"},
	{"sip:alice@pbx.example;USER=Phone", either, "unreadable"},
	{"sip:alice@pbx.example;us%65r=phone", either, "unreadable"},
	{"sip:alice@pbx.example;user=ip", either, "not a number"},

	// Short codes, emergency and test numbers.
	{"123", message, "not a number"},
	{"12345", message, "not a number"},
	{"123456", message, "not a number"},
	{"１２３４５", message, "not a number"},
	{"12", message, "every? +12"},
	{"1234567", message, "US? +1234567"},
	{"12 345", message, "US? +12345"},
	{"+12345", either, "US? +12345"},
	{"911", message, "not a number"},
	{"12345", call, "US? +12345"},
	{"911", call, "emergency"},
	{"933", call, "not a number"},
	{"112", call, "emergency"},
	{"999", call, "emergency"},
	{"000", call, "emergency"},
	{"９１１", call, "emergency"},
	{"+911", call, "emergency"},
	{"+911", message, "IN? +911"},
	{"9 1 1", call, "emergency"},
	{"988", call, "unreadable"},
	{"411", call, "not a number"},
	{"+15005550006", either, "not a number"},
	{"+1 (500) 555-0003", either, "not a number"},
	{"5005550001", either, "not a number"},
	{"whatsapp:+15005550006", either, "not a number"},
	{"+15005550006x998912345678", either, "US,CA +15005550006, UZ +998912345678"},
	{"+15005551234", either, "US,CA +15005551234"},

	// Nothing, and nonsense.
	{"", either, "missing"},
	{"\x20\t\r\n", either, "missing"},
	{"\u200b\u2060", either, "missing"},
	{"\x00", either, "unreadable"},
	{"+", either, "unreadable"},
	{"++", either, "unreadable"},
	{"()", either, "unreadable"},
	{"+0", either, "unreadable"},
	{"0", either, "unreadable"},
	{"00", either, "unreadable"},
	{"-", message, "unreadable"},
	{"+998\xff912345678", either, "unreadable"},
	{"\xff\xfe", either, "unreadable"},
	{"+998\x00912345678", either, "unreadable"},
	{"+998\x07912345678", either, "unreadable"},
	{"+998\x7f912345678", either, "unreadable"},
	{"+998\v912345678", either, "unreadable"},
	{"0x3B9ACA00", either, "unreadable"},
	{"1e12", message, "unreadable"},
	{"1e12", call, "US? +1312"},
	{"null", message, "unreadable"},
	{"1234567890123456", either, "unreadable"},
	{"2015550123, 998912345678", message | lenient, "US +12015550123, UZ +998912345678"},
	{"+12015550123,,12345#", either, "US +12015550123"},
	{"+12015550123;ext=998912345678", either, "US +12015550123, UZ +998912345678"},
	{"2015550123\n+998912345678", either, "unreadable"},
	{strings.Repeat("9", 1<<20), either, "unreadable"},
	{"+998912345678" + strings.Repeat(" ", 2000), either, "UZ +998912345678"},
	{"+998912345678" + strings.Repeat(" ", 2000) + "9", either, "unreadable"},
	{"client\u200b:+998912345678", either, "unreadable"},
	{"ｃｌｉｅｎｔ：+998912345678", either, "unreadable"},
	{"client:" + strings.Repeat("a", 900), either, "not a number"},
}

func TestWhatATextCanMean(t *testing.T) {
	for _, test := range readingTests {
		for _, medium := range []Medium{ForMessage, ForCall} {
			if test.way&(message<<medium) == 0 {
				continue
			}
			for _, national := range []bool{false, true} {
				if !national && test.way&strictly != 0 || national && test.way&lenient != 0 {
					continue
				}
				got := testReader(national).Read(test.text, medium)
				if meaning(got) != test.want {
					t.Errorf("%.80q for %d, strict %t: %s, want %s", test.text, medium, national, meaning(got), test.want)
				}
				if got.Text != test.text {
					t.Errorf("%.80q came back as %.80q", test.text, got.Text)
				}
				if (got.Meaning == Numbers) != (got.Numbers.Len() > 0) {
					t.Errorf("%.80q: %d numbers but meaning %d", test.text, got.Numbers.Len(), got.Meaning)
				}
			}
		}
	}
}

func TestTheNamesOfASender(t *testing.T) {
	for _, test := range []struct {
		text string
		want string // names, the most exact first, separated by "|"
	}{
		{"+14155550100", "+14155550100"},
		{"(415) 555-0100", "+14155550100"},
		{"1 415 555 0100", "+14155550100"},
		{" +1-415-555-0100 ", "+14155550100"},
		{"＋１４１５５５５０１００", "+14155550100"},
		{"+1415555010０", "+14155550100"},
		{"+1 415\u200b 555 0100", "+14155550100"},
		{"0014155550100", "+14155550100"},
		{"whatsapp:+14155550100", "whatsapp:+14155550100|+14155550100"},
		{"WhatsApp: 14155550100", "whatsapp:+14155550100|+14155550100"},
		{"rcs:acme_agent", "rcs:acme_agent"},
		{"RCS:Acme_Agent", "rcs:acme_agent"},
		{"messenger:107771", "messenger:107771"},
		{"12345", "12345"},
		{"１２３４５", "12345"},
		{"+12345", "12345"},
		{"+123456", "123456"},
		{"+1234567", "+1234567"},
		{"Acme", "acme"},
		{"ACME", "acme"},
		{"Ａｃｍｅ", "acme"},
		{" Acme \t Corp ", "acme corp"},
		{"Acme\u00a0Corp", "acme corp"},
		{"Ac\u200bme", "acme"},
		{"MG0123456789abcdef0123456789ABCDEF", "mg0123456789abcdef0123456789abcdef"},
		{"client:Alice", "client:alice"},
		{"sip:alice@pbx.example", "sip:alice@pbx.example"},
		{"", ""},
		{" \u200b ", ""},
	} {
		if got := strings.Join(testReader(false).ReadSender(test.text), "|"); got != test.want {
			t.Errorf("%q goes by %q, want %q", test.text, got, test.want)
		}
	}
}

// Every decimal digit of Unicode stands in an unbroken row of ten from 0 to 9,
// which is what digitValue counts on.
func TestDigitsOfEveryScript(t *testing.T) {
	for _, table := range [][]unicode.Range32{ranges32(unicode.Nd.R16), unicode.Nd.R32} {
		for _, r := range table {
			if r.Stride != 1 || (r.Hi-r.Lo+1)%10 != 0 {
				t.Errorf("digits %U to %U, every %d", r.Lo, r.Hi, r.Stride)
			}
			for c := rune(r.Lo); c <= rune(r.Hi); c++ {
				want := string('0' + (c-rune(r.Lo))%10)
				if got, _ := fold(string(c)); got != want {
					t.Errorf("%U folds to %q, want %q", c, got, want)
				}
			}
		}
	}
}

func ranges32(narrow []unicode.Range16) (wide []unicode.Range32) {
	for _, r := range narrow {
		wide = append(wide, unicode.Range32{Lo: uint32(r.Lo), Hi: uint32(r.Hi), Stride: uint32(r.Stride)})
	}
	return wide
}
