package refusals

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
)

// A frame is one refusal in the spool: the mark, the length and the CRC-32C of its JSON, four
// bytes each, little-endian, and the JSON.
const (
	frameMark   = "TGR1"
	frameHeader = 12
	// maxFrame bounds the JSON of one refusal, in bytes. A length beyond it is damage.
	maxFrame = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendFrame appends the frame of a refusal.
func appendFrame(to []byte, r *Refusal) ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return to, fmt.Errorf("writing refusal %s: %w", r.ID, err)
	}
	if len(text) > maxFrame {
		return to, fmt.Errorf("writing refusal %s: it has %d bytes, more than %d", r.ID, len(text), maxFrame)
	}
	to = append(to, frameMark...)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(text)))
	to = binary.LittleEndian.AppendUint32(to, crc32.Checksum(text, castagnoli))
	return append(to, text...), nil
}

// readFrame reads the frame that data begins with, and returns what follows it.
func readFrame(data []byte) (r Refusal, rest []byte, ok bool) {
	if len(data) < frameHeader || string(data[:4]) != frameMark {
		return Refusal{}, data, false
	}
	length := binary.LittleEndian.Uint32(data[4:])
	if length > maxFrame || uint64(len(data)) < frameHeader+uint64(length) {
		return Refusal{}, data, false
	}
	text := data[frameHeader : frameHeader+length]
	if crc32.Checksum(text, castagnoli) != binary.LittleEndian.Uint32(data[8:]) || json.Unmarshal(text, &r) != nil {
		return Refusal{}, data, false
	}
	return r, data[frameHeader+length:], true
}

// readFrames reads all frames, over those that are damaged. Torn is the number of bytes after
// the last good frame, as a crash leaves them; damaged is that of other bytes which are not of
// a good frame.
func readFrames(data []byte) (refusals []Refusal, torn, damaged int) {
	skipped := 0
	for len(data) > 0 {
		r, rest, ok := readFrame(data)
		if ok {
			refusals = append(refusals, r)
			damaged += skipped
			skipped, data = 0, rest
			continue
		}
		next := bytes.Index(data[1:], []byte(frameMark))
		if next < 0 {
			next = len(data) - 1
		}
		skipped += next + 1
		data = data[next+1:]
	}
	return refusals, skipped, damaged
}
