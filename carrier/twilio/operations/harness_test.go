package operations

const (
	account     = "AC11111111111111111111111111111111"
	toUZ        = "+998912345678"
	messagePath = "/2010-04-01/Accounts/" + account + "/Messages"
	callPath    = "/2010-04-01/Accounts/" + account + "/Calls"
	verifyPath  = "/v2/Services/VA11111111111111111111111111111111/Verifications"
)
