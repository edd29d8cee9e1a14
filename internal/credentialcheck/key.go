package credentialcheck

import (
	"crypto/sha256"
	"encoding/binary"
)

// Key stands for a credential at one place. Two keys are equal if everything is
// that the carrier's answer rests on; no credential can be read from one.
type Key struct {
	account string
	digest  [sha256.Size]byte
}

// KeyOf makes the key of a credential: the whole value of the Authorization
// header, the product, the host that the request goes to (keys of one region are
// strangers in another), and the account.
func KeyOf(authorization, product, upstream, account string) Key {
	var buffer [512]byte
	text := buffer[:0]
	for _, part := range [...]string{authorization, product, upstream} {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	return Key{account: account, digest: sha256.Sum256(text)}
}
