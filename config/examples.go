package config

// Examples of the types of a document in JSON, for errors about values of another type.

func (Territories) Example() string { return `["US", "CA"]` }
func (Numbers) Example() string     { return `["+4915112345678"]` }
func (Controls) Example() string    { return `["keys", "safe_list"]` }
func (Hosts) Example() string       { return `["hooks.example.com"]` }

func (Permissions) Example() string { return `{"messaging": ["US"]}` }
func (Verify) Example() string      { return `{"messaging": ["US"]}` }
func (Voice) Example() string       { return `{"low_risk": ["US"]}` }
func (Unallocated) Example() string { return `{"messaging": "deny"}` }
func (Unsupported) Example() string { return `{"messaging": ["IR"]}` }
func (ByRequest) Example() string   { return `{"voice": ["SG"]}` }
func (Limit) Example() string {
	return `{"name": "burst", "amount": "100/1m", "per": ["account"]}`
}
func (PriceLimit) Example() string { return `{"message": "0.15", "minute": "1.00"}` }
func (Prefix) Example() string     { return `{"block": "+99899394", "reason": "pumping"}` }
func (Range) Example() string      { return `{"prefix": "+1924", "territory": "US"}` }
func (Account) Example() string    { return `{"id": "AC11111111111111111111111111111111"}` }
func (Senders) Example() string    { return `{"+14155550100": {"messaging": ["US"]}}` }
func (Switch) Example() string     { return `{"reason": "ticket 812", "until": "2026-12-01"}` }
func (At) Example() string         { return `{"twilio": "AC11111111111111111111111111111111"}` }
func (Opening) Example() string {
	return `{"territory": "ID", "channel": "voice", "reason": "launch", "until": "2026-12-04"}`
}
func (Approval) Example() string {
	return `{"territory": "SG", "channel": "voice", "reason": "ticket 812"}`
}

// Objects that state nothing when they are empty, which no other spelling of a policy could
// write, with what to write instead.

func (Voice) MustState() string {
	return `a risk class, such as {"low_risk": ["US"]}, or {"low_risk": []} for none`
}

func (Switch) MustState() string { return `true, or an object such as {"reason": "ticket 812"}` }

func (Verify) MustState() string {
	return `a channel, such as {"messaging": ["US"]}, or {"messaging": []} for none`
}

func (Unallocated) MustState() string { return `a channel, such as {"messaging": "deny"}` }

func (PriceLimit) MustState() string { return `a price, such as {"message": "0.15"}` }

func (Unsupported) MustState() string {
	return `a channel, such as {"messaging": ["IR"]}, or {"messaging": []} for none`
}

func (ByRequest) MustState() string {
	return `a channel, such as {"voice": ["SG"]}, or {"voice": []} for none`
}
