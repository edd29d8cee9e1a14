package credentials

import (
	"net/url"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/policy"
)

// pathNamesOther reports whether another account's SID is anywhere in a path, where a
// reader more lenient than the gate's could take it for the account.
func pathNamesOther(account, path string) bool {
	decoded, err := url.PathUnescape(path)
	return err != nil || containsOther(account, decoded)
}

// AccountMismatch returns why a request is refused that acts for another account by a
// parameter of its query or body, such as AccountSid. It is empty if none does. A body
// that cannot be searched is refused.
func AccountMismatch(r *carrier.Request, body []byte, account string) (policy.Reason, error) {
	if r.RawQuery == "" && len(body) == 0 {
		return "", nil
	}
	found, err := params.Form(r.RawQuery, namesAccount, nil)
	if err == nil && len(body) > 0 {
		const any = params.AcceptForm | params.AcceptMultipart | params.AcceptJSON | params.AcceptOther
		found, err = params.Body(r.Header.Get("Content-Type"), body, any, namesAccount, found)
	}
	if err != nil {
		return carrier.BodyUndecodable, err
	}
	for i := range found {
		if containsOther(account, found[i].Value) {
			return carrier.AccountMismatch, nil
		}
	}
	return "", nil
}

// separators may be between the words of a parameter's name.
var separators = strings.NewReplacer("_", "", "-", "", ".", "")

// namesAccount reports whether a parameter can name an account: AccountSid,
// account_sid, TargetAccountSid, Subaccount.
func namesAccount(name string) bool {
	name = strings.ToLower(separators.Replace(name))
	return strings.Contains(name, "accountsid") || strings.Contains(name, "subaccount")
}

// containsOther reports whether the SID of another account is anywhere in a text, in any
// letter case.
func containsOther(account, text string) bool {
	for start := 0; start+sid.Length <= len(text); start++ {
		end := start + sid.Length
		if start > 0 && isAlphanumeric(text[start-1]) || end < len(text) && isAlphanumeric(text[end]) {
			continue
		}
		if other, ok := (sid.Identifiers{}).Canonical(policy.AccountID, text[start:end]); ok && other != account {
			return true
		}
	}
	return false
}

func isAlphanumeric(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }
