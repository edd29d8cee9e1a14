package keys

import "crypto/rand"

// alphabet is what a secret is written with: letters and digits, since the carrier's
// libraries and shells leave those as they are.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// secretLength in characters: 62 to the power of 43 is more than 2 to the power
// of 256.
const secretLength = 43

// newSecret makes a secret. All are equally likely.
func newSecret() string {
	// Bytes from here on are drawn again: below, each character has the same number of
	// bytes.
	const most = 256 / len(alphabet) * len(alphabet)
	secret := make([]byte, 0, secretLength)
	var drawn [2 * secretLength]byte
	for {
		rand.Read(drawn[:])
		for _, b := range drawn {
			if int(b) >= most {
				continue
			}
			if secret = append(secret, alphabet[int(b)%len(alphabet)]); len(secret) == secretLength {
				return string(secret)
			}
		}
	}
}
