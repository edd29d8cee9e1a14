package address

import "testing"

// Where only the carrier knows whose country a number without "+" is in, it is not
// read, though it has the shape of one of the US.
func TestANumberOfAnUnknownCountryIsNotRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"+12015550123", "US +12015550123"},
		{" +1 (201) 555-0123 ", "US +12015550123"},
		{"whatsapp:+12015550123", "US +12015550123"},
		{"+1 201 555 0123 ext. 9", "US +12015550123"},
		{"2015550123", "unreadable"},
		{"12015550123", "unreadable"},
		{"07400123456", "unreadable"},
		{"00 44 7400 123456", "unreadable"},
		{"whatsapp:2015550123", "unreadable"},
		{"sms:(201) 555-0123", "unreadable"},
		{"12345", "not a number"},
		{"messenger:1234567890", "not a number"},
		{"", "missing"},
	} {
		reader := testReader(false)
		reader.International = true
		if got := meaning(reader.Read(c.text, ForMessage)); got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
}
