package limits

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/maphash"
)

// Key is what a limit counts by: its name and the values of its dimensions, as a hash of 128
// bits.
type Key [2]uint64

// Hasher makes the keys and items of counters. The zero value makes the same ones in every
// process, and takes longer: SHA-256, cut off.
type Hasher struct {
	seeds [2]maphash.Seed
	// quick says that the hashes differ from process to process.
	quick bool
}

func newHasher() Hasher {
	return Hasher{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, quick: true}
}

// Key is that of a limit and of the values of its dimensions, in their order.
func (h *Hasher) Key(limit string, values ...string) Key {
	var room [128]byte
	text := appendText(room[:0], limit)
	for _, value := range values {
		text = appendText(text, value)
	}
	if h.quick {
		return Key{maphash.Bytes(h.seeds[0], text), maphash.Bytes(h.seeds[1], text)}
	}
	sum := sha256.Sum256(text)
	return Key{binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])}
}

// appendText appends a text behind its length, so that no two lists of texts are written alike.
func appendText(to []byte, text string) []byte {
	return append(binary.LittleEndian.AppendUint32(to, uint32(len(text))), text...)
}

// Item is the hash of a thing that is counted once.
func (h *Hasher) Item(text string) uint64 {
	if h.quick {
		return max(maphash.String(h.seeds[0], text), 1)
	}
	var room [32]byte
	sum := sha256.Sum256(append(room[:0], text...))
	return max(binary.LittleEndian.Uint64(sum[:]), 1)
}
