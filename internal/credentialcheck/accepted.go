package credentialcheck

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// How many credentials count as accepted: of one account, and how many accounts
// have any. One credential can be written in any number of ways, and so whoever
// holds one could push out those of all others.
const (
	mostAccounts  = 4096
	mostOfAccount = 64
)

// accepted holds until when each credential counts as accepted. One whose time is
// over stays until its place is needed.
type accepted struct {
	accounts *lru.Cache[string, *lru.Cache[Key, time.Time]]
}

func newAccepted() accepted {
	accounts, _ := lru.New[string, *lru.Cache[Key, time.Time]](mostAccounts) // fails for sizes below 1 alone
	return accepted{accounts}
}

// get returns until when the credential counts, and whether it ever did.
func (a accepted) get(key Key) (until time.Time, ok bool) {
	of, ok := a.accounts.Get(key.account)
	if !ok {
		return time.Time{}, false
	}
	return of.Get(key)
}

func (a accepted) add(key Key, until time.Time) {
	of, ok := a.accounts.Get(key.account)
	if !ok {
		of, _ = lru.New[Key, time.Time](mostOfAccount)
		if earlier, found, _ := a.accounts.PeekOrAdd(key.account, of); found {
			of = earlier
		}
	}
	of.Add(key, until)
}

func (a accepted) remove(key Key) {
	if of, ok := a.accounts.Peek(key.account); ok {
		of.Remove(key)
	}
}
