package address

import (
	"reflect"
	"strings"
	"testing"
)

func TestCallsForHelpAreKnownHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"911", "emergency"}, {"+911", "emergency"}, {"1911", "emergency"}, {"+1911", "emergency"}, {"+1 911", "emergency"}, {"+1-911", "emergency"},
		{"(112)", "emergency"}, {"1 1 2", "emergency"}, {" 112\n", "emergency"}, {"112.", "emergency"}, {"+44 112", "emergency"}, {"44112", "emergency"},
		{"0044112", "emergency"}, {"011 44 112", "emergency"}, {"+00 44 112", "emergency"}, {"+44(999)", "emergency"}, {"000", "emergency"}, {"+61 000", "emergency"},
		{"１１２", "emergency"}, {"＋４４１１２", "emergency"}, {"١١٢", "emergency"}, {"1\u200b12", "emergency"}, {"1669", "emergency"}, {"+661669", "emergency"},
		{"+3315", "emergency"}, {"3315", "emergency"},
		{"tel:112", "emergency"}, {"TEL:+44112", "emergency"}, {"tel:1-1-2", "emergency"}, {"tel:112;phone-context=+44", "emergency"}, {"tel:15;phone-context=+33", "emergency"},
		{"tel:112;Phone-Context=example.com", "emergency"},
		{"sip:911@x.pstn.twilio.com", "emergency"}, {"sip:+44112@x.pstn.twilio.com", "emergency"}, {"911@x.pstn.twilio.com", "emergency"},
		{"sip:112@pbx.example;user=phone", "emergency"}, {"sip:911@54.172.60.1", "emergency"},

		{"933", "not a number"}, {"4 1 1", "not a number"}, {"tel:411", "not a number"}, {"sip:411@x.pstn.twilio.com", "not a number"},
		{"sip:911@x.sip.twilio.com", "not a number"}, {"sip:911@pbx.example", "not a number"},

		{"15", "every? +15"}, {"+15", "every? +15"}, {"+411", "CH? +411"}, {"+1411", "every? +1411"},
		{"123", "unreadable"}, {"1-2-3", "unreadable"}, {"998", "unreadable"}, {"sip:998@x.pstn.twilio.com", "unreadable"}, {"tel:998", "unreadable"},
		{"+123", "every? +123"},
		{"+1911420", "every? +1911420"}, {"911420", "IN? +911420"}, {"+449991234567", "GB,GG,IM,JE? +449991234567"}, {"+441121234567", "GB,GG,IM,JE? +441121234567"},
		{"112;998912345678", "UZ +998912345678, every? +112"}, {"112,998912345678", "UZ +998912345678, every? +112"}, {"112x998912345678", "UZ +998912345678, every? +112"},
		{"tel:11;phone-context=+19", "unreadable"}, {"tel:2;phone-context=+4411", "unreadable"},
		{"tel:112;phone-context=+998", "unreadable"}, {"tel:912345678;phone-context=+44", "unreadable"}, {"tel:+112;phone-context=+44", "unreadable"},
		{"tel:998912345678;phone-context=example.com", "unreadable"},
		{"++112", "unreadable"}, {"112+", "unreadable"}, {"whatsapp:112", "every? +112"}, {"rcs:911", "IN? +911"}, {"00112", "every? +112"},
		{"HELP", "AT? +4357"},
	} {
		if got := meaning(testReader(false).Read(c.text, ForCall)); got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
		reader := testReader(true)
		reader.International = true // whose country the sender is of makes no difference
		if got := meaning(reader.Read(c.text, ForCall)); c.want == "emergency" && got != c.want {
			t.Errorf("%q from an unknown country is %s, want %s", c.text, got, c.want)
		}
		if got := meaning(testReader(false).Read(c.text, ForMessage)); got == "emergency" {
			t.Errorf("a message to %q calls for help", c.text)
		}
		if got := meaning(testReader(false).Read(c.text, ForMention)); c.want == "emergency" && got != "emergency" && got != "not a number" {
			t.Errorf("a mention of %q is %s", c.text, got)
		}
	}
}

// What is help behind a calling code is a subscriber's number in some countries, and from
// there it is that.
func TestWhatASubscriberHasInTheSendersCountryIsNoCallForHelp(t *testing.T) {
	for _, c := range []struct{ sender, text, want string }{
		{"+376312345", "353112", "AD +376353112"},
		{"+376312345", "353-112", "AD +376353112"},
		{"+376312345", "tel:353112", "AD +376353112"},
		{"+376312345", "353112;phone-context=example.com", "unreadable"},
		{"+376312345", "353112;phone-context=:+1", "unreadable"},
		{"+376312345", "tel:+353112", "emergency"},
		{"+376312345", "+353112", "emergency"},
		{"+376312345", "112", "emergency"},
		{"+6857212345", "61000", "WS +68561000"},
		{"+50051234", "44112", "FK +50044112"},
		{"+12015550123 +50051234", "44112", "GB,GG,IM,JE? +44112, FK +50044112"},
		{"+50051234", "911", "emergency"},
		{"+6776112345", "1669", "emergency"},
		{"+447400123456", "44112", "emergency"},
		{"+12015550123", "353112", "emergency"},
		{"+493012345678", "49110", "emergency"},
	} {
		reader := testReader(false)
		reader.From, _ = reader.Countries(strings.Fields(c.sender), Country{})
		if got := meaning(reader.Read(c.text, ForCall)); got != c.want {
			t.Errorf("%q from %s is %s, want %s", c.text, c.sender, got, c.want)
		}
		if anywhere := meaning(testReader(false).Read(c.text, ForCall)); IsInternational(c.text) && anywhere != c.want {
			t.Errorf("%q is international, and %s without a sender", c.text, anywhere)
		}
	}
}

func TestAReadingThatIsReusedForAnotherMediumIsWhatThatWouldRead(t *testing.T) {
	texts := []string{
		"911", "+1911", "011353112", "011391530", "0116611 55", "+1 (201) 555-0123", "2015550123", "0112015550123x1", "353112", "4155550100,4155550101", "1-800-FLOWERS", "tel:+12015550123",
		"whatsapp:+12015550123", "whatsapp:US.13491208655302741918", "sip:+12015550123@x.pstn.twilio.com", "sip:911@x.pstn.twilio.com", "tel:112;phone-context=+44", "+12015550123;ext=911", "alice",
	}
	for _, r := range readings {
		texts = append(texts, r.text)
	}
	reader, reused := testReader(false), 0
	for _, text := range texts {
		for _, medium := range []Medium{ForMessage, ForCall, ForMention} {
			reading := reader.Read(text, medium)
			for _, other := range []Medium{ForMessage, ForCall, ForMention} {
				if !reading.ReadsAlike(medium, other) {
					continue
				}
				reused++
				if again := reader.Read(text, other); !reflect.DeepEqual(again, reading) {
					t.Errorf("%.40q is %+v for %d, and %+v for %d", text, reading, medium, again, other)
				}
			}
		}
	}
	if reused <= 3*len(texts) { // more than each for its own
		t.Errorf("%d were reused of %d", reused, len(texts))
	}
}
