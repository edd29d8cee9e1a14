package address

import (
	"strings"
	"testing"
)

// readings are texts to read: as people write them, and such as cost the most.
var readings = []struct{ name, text string }{
	{"E.164", "+12015550123"},
	{"E.164 that is not listed", "+998111111111"},
	{"US in groups", "(415) 555-1212"},
	{"local", "07400 123456"},
	{"behind 00", "00447400123456"},
	{"full width", "＋４４７４００１２３４５６"},
	{"an extension", "+1 201 555 0123 ext. 99"},
	{"WhatsApp", "whatsapp:+447400123456"},
	{"SIP", "sip:+998912345678@x.pstn.twilio.com"},
	{"an e-mail address", "alice@example.com"},

	{"worst: one zero after another", strings.Repeat("00", 60)},
	{"worst: a list", strings.Repeat("0044740012,", 11)},
	{"worst: a list of Argentines", strings.Repeat("549115678901,", 9)},
	{"worst: words for extensions", "5411" + strings.Repeat("5491156789x", 10)},
	{"worst: every word for an extension", "549115678901ext549115678902extn549115678903extension549115678904x549115678905,549115678906;549115678907"},
	{"worst: letters and marks", strings.Repeat("a5x,", 31)},
	{"worst: ligatures", strings.Repeat("ﷺ", 330)},
	{"worst: ligatures that are short enough", strings.Repeat("ﷺ", 7) + "+3719"},
	{"worst: digits of many scripts", strings.Repeat("९٩", 60)},
	{"worst: marks", strings.Repeat("\u20e31", 64)},
	{"worst: blanks", "+1" + strings.Repeat(" ", 1000) + "9"},
	{"worst: SIP user", "sip:" + strings.Repeat("%30", 300) + "@x.pstn.twilio.com"},
	{"worst: SIP parameters", "sip:1@x.example" + strings.Repeat(";a=b", 240)},
	{"worst: SIP trunk with a list", "sip:" + strings.Repeat("549115678901,", 9) + "@x.pstn.twilio.com"},
	{"worst: colons", strings.Repeat("a:", 500)},
	{"worst: at", strings.Repeat("@", 1000)},
	{"worst: a megabyte of digits", strings.Repeat("9", 1<<20)},
}

// BenchmarkRead reads each as a call by two senders abroad, and then looks whether what
// cannot be read holds a number.
func BenchmarkRead(b *testing.B) {
	reader := testReader(false)
	reader.From, _ = reader.Countries([]string{"+5491123456789", "+447400123456"}, Country{})
	for _, reading := range readings {
		b.Run(reading.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reader.Read(reading.text, ForCall)
			}
		})
	}
}

// BenchmarkContainsNumber prints how many bytes a second are looked through.
func BenchmarkContainsNumber(b *testing.B) {
	for _, text := range []struct{ name, piece string }{
		{"ASCII", "+12345 "}, {"a call", "abc: 123 "}, {"ligatures", "ﷺ"}, {"Chinese", "中文"}, {"Cyrillic", "привет "}, {"Devanagari", "नमस्ते "}, {"mathematical", "𝟗"}, {"marks", "e\u0301"}, {"emoji", "😀"},
	} {
		whole := strings.Repeat(text.piece, 1<<20/len(text.piece))
		b.Run(text.name, func(b *testing.B) {
			b.SetBytes(int64(len(whole)))
			for b.Loop() {
				ContainsNumber(whole)
			}
		})
	}
}

// BenchmarkCountries looks at the senders of one request.
func BenchmarkCountries(b *testing.B) {
	reader := testReader(false)
	for _, senders := range [][]string{{"+12015550199"}, {"MG33333333333333333333333333333333"}, {"(201) 555-0199", "whatsapp:+447400123456"}} {
		b.Run(strings.Join(senders, " "), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				reader.Countries(senders, Country{})
			}
		})
	}
}
