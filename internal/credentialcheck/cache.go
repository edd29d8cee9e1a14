package credentialcheck

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// Key identifies a credential at one place. Two keys are equal if everything is equal
// that the carrier's answer depends on. A key does not reveal the credential.
type Key struct {
	account string
	digest  [sha256.Size]byte
}

// KeyOf makes the key of a credential: the whole value of the Authorization header, the
// product, the host that the request goes to (keys of one region are unknown in
// another), and the account.
func KeyOf(authorization, product, upstream, account string) Key {
	var buffer [512]byte
	text := buffer[:0]
	for _, part := range [...]string{authorization, product, upstream} {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	return Key{account: account, digest: sha256.Sum256(text)}
}

// How many accepted credentials are remembered: accounts, and credentials per account.
// One credential can be written in any number of ways, so without the second limit the
// holder of one could evict those of every other account.
const (
	maxAccounts   = 4096
	maxPerAccount = 64
)

// maxRejected is how many rejected credentials are remembered, each with its answer.
const maxRejected = 1024

// acceptedCache holds until when each credential counts as accepted. One that has
// expired stays until its place is needed.
type acceptedCache struct {
	accounts *lru.Cache[string, *lru.Cache[Key, time.Time]]
}

func newAcceptedCache() acceptedCache {
	accounts, _ := lru.New[string, *lru.Cache[Key, time.Time]](maxAccounts) // fails only for sizes below 1
	return acceptedCache{accounts}
}

// get returns until when the credential counts, and whether it was ever accepted.
func (c acceptedCache) get(key Key) (until time.Time, ok bool) {
	credentials, ok := c.accounts.Get(key.account)
	if !ok {
		return time.Time{}, false
	}
	return credentials.Get(key)
}

func (c acceptedCache) add(key Key, until time.Time) {
	credentials, ok := c.accounts.Get(key.account)
	if !ok {
		credentials, _ = lru.New[Key, time.Time](maxPerAccount)
		if earlier, found, _ := c.accounts.PeekOrAdd(key.account, credentials); found {
			credentials = earlier
		}
	}
	credentials.Add(key, until)
}

func (c acceptedCache) remove(key Key) {
	if credentials, ok := c.accounts.Peek(key.account); ok {
		credentials.Remove(key)
	}
}

// rejection is an answer that rejected a credential, in one representation.
type rejection struct {
	until          time.Time
	representation string
	answer         *carrier.Answer
}

func newRejectedCache() *lru.Cache[Key, rejection] {
	rejected, _ := lru.New[Key, rejection](maxRejected) // fails only for sizes below 1
	return rejected
}
