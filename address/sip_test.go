package address

import "testing"

func TestWhereSIPAddressesLead(t *testing.T) {
	const number = "UZ +998912345678"
	for _, c := range []struct{ text, want string }{
		// At other hosts, only what says nothing of where it leads may stand behind a number.
		{"sip:+998912345678@pbx.example", "not a number"},
		{"sip:+998912345678@pbx.example;transport=tls;edge=dublin;region=us1", "not a number"},
		{"sip:+998912345678@pbx.example;TRANSPORT=TLS", "not a number"},
		{"sip:+998912345678@pbx.example;user=ip", "not a number"},
		{"sip:+998912345678@pbx.example?X-Trace=1&x-b=2", "not a number"},
		{"sip:+998912345678@pbx.example;maddr=x.pstn.twilio.com", "unreadable"},
		{"sip:998912345678@pbx.example;maddr=54.172.60.1", "unreadable"},
		{"sip:%2B998912345678@pbx.example;maddr=x.pstn.twilio.com", "unreadable"},
		{"sip:+998912345678:pw@pbx.example;lr", "unreadable"},
		{"sip:+998912345678@pbx.example; maddr = x.pstn.twilio.com", "unreadable"},
		{"sip:+998912345678@pbx.example?Route=%3Csip:x.pstn.twilio.com%3E", "unreadable"},
		{"sip:+998912345678@pbx.example?X-A=1&Route=x", "unreadable"},
		{"sip:+998912345678@pbx.example?Ro%75te=x", "unreadable"},
		{"sip:alice@pbx.example;maddr=x.pstn.twilio.com", "not a number"},
		{"sip:1001@pbx.example;lr", "not a number"},

		// Twilio's own gateways dial.
		{"sip:+998912345678@54.172.60.1", number},
		{"sip:+998912345678@54.172.60.3:5060;transport=tcp", number},
		{"sip:998912345678@[::ffff:54.172.60.2]", number},
		{"sip:+998912345678@54.172.60.4", "not a number"},
		{"sip:+998912345678@054.172.060.001", "unreadable"},
		{"sip:+998912345678@54.172.0x3c.1", "unreadable"},
		{"sip:+998912345678@54.172.60.0x1", "unreadable"},
		{"sip:+998912345678@0x36ac3c01", "unreadable"},
		{"sip:+998912345678@917257217", "unreadable"},
		{"sip:alice@54.172.60.1", "unreadable"},

		// Without a scheme it may be an e-mail address, of which no honest one is a number.
		{"+998912345678@example.com", "unreadable"},
		{"998912345678@example.com", "unreadable"},
		{"00998912345678@example.com", "unreadable"},
		{"\"+998912345678\"@example.com", "unreadable"},
		{"＋998912345678@example.com", "unreadable"},
		{"998-91-234-56-78@example.com", "unreadable"},
		{"alice@example.com", "not a number"},
		{"alice+1234567890@example.com", "not a number"},
		{"alice.1234567@example.com", "not a number"},
		{"123456@example.com", "not a number"},
	} {
		for _, medium := range []Medium{ForMessage, ForCall} {
			if got := meaning(testReader(false).Read(c.text, medium)); got != c.want {
				t.Errorf("%q is %s, want %s", c.text, got, c.want)
			}
		}
	}
}

func TestUsersWhoShowNoNumber(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"whatsapp:US.13491208655302741918", "not a number"},
		{"WhatsApp:BR.1502576394655843", "not a number"},
		{"whatsapp:US.ENT.11815799212886844830", "not a number"},
		{"whatsapp:DE.abc123", "not a number"},
		{"whatsapp:UZ.998912345678", "UZ +998912345678"},
		{"whatsapp:US.ENT.998912345678", "UZ +998912345678"},
		{"whatsapp:US.a998b912c345678", "UZ +998912345678"},
		{"whatsapp:us.13491208655302741918", "unreadable"},
		{"whatsapp:US.+998912345678", "unreadable"},
		{"whatsapp:US. 998912345678", "unreadable"},
		{"whatsapp:ＵＳ.13491208655302741918", "unreadable"},
		{"whatsapp:alice", "not a number"},
		{"whatsapp:@alice.b_1990", "not a number"},
		{"whatsapp:a998912345678", "unreadable"},
		{"whatsapp:alice 1", "unreadable"},
		{"rcs:alice", "unreadable"},
		{"sim:DE0123456789abcdef0123456789abcdef", "not a number"},
		{"sim:HS0123456789ABCDEF0123456789ABCDEF", "not a number"},
		{"sim:+998912345678", "unreadable"},
		{"sim:998912345678", "unreadable"},
		{"sim:DE998912345678", "unreadable"},
	} {
		if got := meaning(testReader(false).Read(c.text, ForMessage)); got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
}
