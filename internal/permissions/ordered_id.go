package permissions

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"
)

// orderedID makes an ID: 16 digits and letters whose order is that of the milliseconds in which
// they were made. 32 of its 80 bits are random.
func orderedID(now time.Time) string {
	var id [10]byte
	for i, ms := 5, now.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		id[i] = byte(ms)
	}
	_, _ = rand.Read(id[6:]) // never fails
	return strings.ToLower(base32.HexEncoding.EncodeToString(id[:]))
}
