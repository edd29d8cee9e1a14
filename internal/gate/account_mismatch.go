package gate

import (
	"net/url"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// pathNamesOther reports whether another account's SID is anywhere in a path, where a
// reader more lenient than the gate's could take it for the account.
func pathNamesOther(account, path string) bool {
	decoded, err := url.PathUnescape(path)
	return err != nil || containsOther(account, decoded)
}

// namesOther finds why a request is refused that acts for another account by a parameter
// of its query or body, such as AccountSid. The reason is empty if none does, or if any
// account may be named. A body that cannot be searched is refused.
func namesOther(account string, r *carrier.Request, body []byte) policy.Reason {
	if account == "" || r.RawQuery == "" && len(body) == 0 {
		return ""
	}
	found, err := params.Form(r.RawQuery, namesAccount, nil)
	if err == nil && len(body) > 0 {
		const any = params.AcceptForm | params.AcceptMultipart | params.AcceptJSON | params.AcceptOther
		found, err = params.Body(r.Header.Get("Content-Type"), body, any, namesAccount, found)
	}
	if err != nil {
		return carrier.BodyUndecodable
	}
	for i := range found {
		if containsOther(account, found[i].Value) {
			return carrier.AccountMismatch
		}
	}
	return ""
}

// separators may be between the words of a parameter's name.
var separators = strings.NewReplacer("_", "", "-", "", ".", "")

// namesAccount reports whether a parameter can name an account: AccountSid, account_sid,
// TargetAccountSid, Subaccount.
func namesAccount(name string) bool {
	name = strings.ToLower(separators.Replace(name))
	return strings.Contains(name, "accountsid") || strings.Contains(name, "subaccount")
}

// accountLength is that of the SID of an account: AC and 32 hexadecimal digits.
const accountLength = 34

// containsOther reports whether the SID of another account is anywhere in a text, in any
// letter case.
func containsOther(account, text string) bool {
	for start := 0; start+accountLength <= len(text); start++ {
		sid := text[start : start+accountLength]
		if !strings.EqualFold(sid[:2], "AC") || start > 0 && isAlphanumeric(text[start-1]) ||
			start+accountLength < len(text) && isAlphanumeric(text[start+accountLength]) {
			continue
		}
		if sid = policy.CanonicalSID(sid); policy.IsSID(sid) && sid != account {
			return true
		}
	}
	return false
}

func isAlphanumeric(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }
