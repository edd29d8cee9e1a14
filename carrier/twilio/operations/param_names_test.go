package operations

import "testing"

func TestNamesCompareByTheirLetters(t *testing.T) {
	for _, test := range []struct {
		known, name string
		same        bool
	}{
		{"To", "to", true},
		{"To", "TO ", true},
		{"To", "To[0]", true},
		{"To", "message.to", true},
		{"To", "ToNumber", false},
		{"To", "SendTo", false},
		{"To", "", false},
		{"", "", false},
		{"", "_", false},
		{"phone_number", "PhoneNumber", true},
		{"PhoneNumber", "phone-number", true},
		{"PhoneNumber", "contact_phone_number", false},
		{"MessagingBinding.Address", "messaging_binding.address", true},
		{"MessagingBinding.Address", "MessagingBinding[Address]", true},
		{"MessagingBinding.Address", "MessagingBinding[Address][0][]", true},
		{"MessagingBinding.Address", "messaging_binding_address", true},
		{"MessagingBinding.Address", "MessagingBinding.ProxyAddress", false},
		{"MessagingBinding.Address", "Address", false},
		{"address", "MessagingBinding.Address", true},
		{"address", "[address]", true},
		{"address", "proxy_address", false},
		{"address", "0.1", false},
		{"address", "addre\u017f\u017f", true},
		{"address", "\u00e4ddress", false},
		{"Target", "target\u2009", true},
		{"contact_uri", "contact_ur\u0131", true},
		{"Identifier", "\u0130dent\u0131fier", true},
		{"risk_check", "R\u0131s\u212aChec\u212a", true},
	} {
		if sameName(test.known, test.name) != test.same || contains([]string{"x", test.known}, test.name) != test.same {
			t.Errorf("%q and %q: same %t", test.known, test.name, !test.same)
		}
	}
}
