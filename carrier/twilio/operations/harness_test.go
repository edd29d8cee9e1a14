package operations

import "github.com/caddy-tollgate/tollgate/carrier"

// Carrier is the whole of Twilio, for tests of what its rooms do together. This
// package cannot import it: the test beside it does, and sets it.
var Carrier carrier.Carrier

const (
	account     = "AC11111111111111111111111111111111"
	toUZ        = "+998912345678"
	messagePath = "/2010-04-01/Accounts/" + account + "/Messages"
	callPath    = "/2010-04-01/Accounts/" + account + "/Calls"
	verifyPath  = "/v2/Services/VA11111111111111111111111111111111/Verifications"
)
