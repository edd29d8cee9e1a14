package sandbox

// Twilio's test numbers, each of which is refused with the code beside it, whatever the account. Source:
// https://www.twilio.com/docs/iam/test-credentials. With test credentials +15005550006 is the sender that works; here
// every sender but the ones below does, since a test of one's own code uses one's own numbers.
var (
	magicMessageTo = map[string]int{
		"+15005550001": 21211, // invalid
		"+15005550002": 21612, // cannot be routed to
		"+15005550003": 21408, // a region that is not enabled
		"+15005550004": 21610, // has opted out
		"+15005550009": 21614, // not a mobile number
	}
	magicMessageFrom = map[string]int{
		"+15005550001": 21212, // invalid
		"+15005550007": 21606, // not the account's, or not capable of SMS
		"+15005550008": 21611, // its queue is full
	}
	magicCallTo = map[string]int{
		"+15005550001": 21217, // invalid
		"+15005550002": 21214, // cannot be routed to
		"+15005550003": 21215, // a country that is not enabled
		"+15005550004": 21216, // on Twilio's own block list
	}
	magicCallFrom = map[string]int{
		"+15005550001": 21212, // invalid
	}
)
