package config

import (
	"slices"
	"strings"
)

// otherWords are what people call a thing whose name here is another.
var otherWords = map[string]string{
	"sms": "messaging", "mms": "messaging", "messages": "messaging", "whatsapp": "messaging",
	"call": "voice", "calls": "voice",
	"deny": "block", "permit": "allow",
	"from": "sender", "name": "account",
	"oauth": "credentials", "client_id": "credentials", "clients": "credentials", "token": "credentials",
	"sid": "id", "account_sid": "id", "label": "name", "api_keys": "keys",
	"country": "territory", "countries": "messaging",
	"rules": "prefixes", "blocked": "prefixes", "subaccount_of": "parent",
	"description": "reason", "comment": "reason", "note": "reason", "why": "reason",
	"expires": "until", "expiry": "until", "ends": "until",
	"risk": "class", "premium": "high_risk_special", "fraud": "high_risk_tollfraud",
	"disabled": "suspended", "dry_run": "monitor", "log_only": "monitor",
	"verified": "trial", "verification": "verify", "verifications": "verify", "otp": "verify",
	"controls": "control",
	"hosts":    "url_hosts", "webhooks": "url_hosts", "urls": "url_hosts", "domains": "url_hosts",
	"api_key": "keys", "tokens": "keys", "subaccounts": "accounts", "geo_permissions": "permissions", "riskcheck": "risk_check",
	"block": "deny", "denied": "deny", "false": "deny", "allowed": "allow", "true": "allow",
}

// A word longer than this is near nothing, and is not worth comparing.
const longestWord = 50

// Nearest returns the choice that a mistyped word is nearest to, if it is near
// at all: at most a third of its letters away, or another word for the same.
func Nearest(word string, choices []string) (string, bool) {
	if other := otherWords[strings.ToLower(word)]; slices.Contains(choices, other) {
		return other, true
	}
	if len(word) > longestWord {
		return "", false
	}
	best, distance := "", (len(word)+2)/3+1
	for _, choice := range choices {
		if d := editDistance(strings.ToLower(word), strings.ToLower(choice)); d < distance {
			best, distance = choice, d
		}
	}
	return best, best != ""
}

// DidYouMean is the end of an error about an unknown word: the nearest choice,
// or all of them.
func DidYouMean(word string, choices []string) string {
	if near, ok := Nearest(word, choices); ok {
		return `, did you mean "` + near + `"?`
	}
	if len(choices) == 1 {
		return `: must be "` + choices[0] + `"`
	}
	return ": must be one of " + strings.Join(choices, ", ")
}

// editDistance counts the letters to insert, drop, replace or swap with their
// neighbour to turn one word into the other (optimal string alignment).
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
