package config

import "github.com/caddy-tollgate/tollgate/internal/suggest"

// synonyms are what operators may call something, in lower case, and what a policy calls
// it.
var synonyms = map[string]string{
	"sms": "messaging", "mms": "messaging", "messages": "messaging", "whats_app": "whatsapp",
	"call": "voice", "calls": "voice",
	"deny": "block", "permit": "allow",
	"from": "sender", "name": "label", "friendly_name": "label",
	"oauth": "credentials", "client_id": "credentials", "clients": "credentials", "token": "credentials",
	"sid": "id", "account_sid": "id", "api_keys": "keys",
	"country": "territory", "countries": "messaging",
	"rules": "prefixes", "blocked": "prefixes", "subaccount_of": "parent",
	"description": "reason", "comment": "reason", "note": "reason", "why": "reason",
	"expires": "until", "expiry": "until", "ends": "until",
	"exceptions": "except", "excluding": "except", "exclude": "except", "unless": "except",
	"begins": "from", "starts": "from", "since": "from",
	"highrisk": "high_risk_special", "high_risk": "high_risk_special", "high-risk": "high_risk_special", "special": "high_risk_special",
	"tollfraud": "high_risk_tollfraud", "toll_fraud": "high_risk_tollfraud", "toll-fraud": "high_risk_tollfraud",
	"low": "low_risk", "lowrisk": "low_risk", "standard": "low_risk",
	"risk": "class", "premium": "high_risk_special", "fraud": "high_risk_tollfraud",
	"disabled": "suspended", "dry_run": "monitor", "log_only": "monitor",
	"verified": "trial", "verification": "verify", "verifications": "verify", "otp": "verify",
	"controls": "control",
	"hosts":    "url_hosts", "webhooks": "url_hosts", "urls": "url_hosts", "domains": "url_hosts",
	"api_key": "keys", "tokens": "keys", "subaccounts": "accounts", "geo_permissions": "permissions", "riskcheck": "risk_check",
	"block": "deny", "denied": "deny", "false": "deny", "allowed": "allow", "true": "allow",
}

// Nearest returns the choice that a mistyped word of a policy is nearest to, if one is
// near.
func Nearest(word string, choices []string) (string, bool) {
	return suggest.Word(word, choices, synonyms)
}

// DidYouMean is the end of an error about an unknown word of a policy: the nearest
// choice, or all of them.
func DidYouMean(word string, choices []string) string {
	return suggest.DidYouMean(word, choices, synonyms)
}
