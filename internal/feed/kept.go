package feed

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Storage keeps texts by key, beyond the end of the process. Those of Caddy do.
type Storage interface {
	Store(ctx context.Context, key string, value []byte) error
	Load(ctx context.Context, key string) ([]byte, error)
}

// longestStorage bounds how long a storage may take.
const longestStorage = 10 * time.Second

// keptFolder is where lists are in the storage.
const keptFolder = "tollgate/feeds/"

// keptKey is the key of the kept copy. It has a digest of the source and the key of the feed, since
// several gates with one storage may have another feed of the same name each.
func (f *Feed) keptKey() string {
	return keptFolder + f.Name + "-" + digestOf([]byte(f.sourceDigest() + f.Key))[:keptDigits]
}

// keptDigits is how many digits of the digest keep feeds apart.
const keptDigits = 16

// keptHead is the first line of a kept list, in JSON. The rows follow: digits, a space, and since
// when in seconds since 1970.
type keptHead struct {
	// Format is of what follows.
	Format int `json:"format"`
	// Source and Key are a digest of where the list is from, and what it was signed with: with
	// others, it is another feed.
	Source string `json:"source"`
	Key    string `json:"key,omitzero"`
	Version
	// Since is when the list came into force.
	Since time.Time `json:"since,omitzero"`
	// Signed is when the list was: an older one is refused after a restart, too.
	Signed time.Time `json:"signed,omitzero"`
	// Signature is a digest of that which the list has.
	Signature string `json:"signature,omitzero"`
	// Confirmed is from when on the age of the list counts.
	Confirmed time.Time `json:"confirmed"`
	// SHA256 of the rows.
	SHA256 string `json:"sha256"`
}

// keptFormat is the format that is written. It is another one, too, once lists are read otherwise:
// what a source confirms as not modified is not read again.
const keptFormat = 1

// writeKept writes a list, so that readKept reads it.
func (f *Feed) writeKept(s *state) ([]byte, error) {
	rows := make([]byte, 0, 24*s.list.Len())
	for i := range s.list.Len() {
		rows = append(rows, s.list.prefixes[i].String()...)
		rows = append(rows, ' ')
		rows = strconv.AppendUint(rows, uint64(s.list.since[i]), 10)
		rows = append(rows, '\n')
	}
	head, err := json.Marshal(keptHead{keptFormat, f.sourceDigest(), f.Key, s.version, s.since, s.signed, s.signature, s.confirmed, digestOf(rows)})
	if err != nil {
		return nil, err
	}
	return slices.Concat(head, []byte("\n"), rows), nil
}

// readKept reads what writeKept wrote for the same source and key. A damaged copy is an error.
func (f *Feed) readKept(text []byte) (*state, error) {
	line, rows, _ := bytes.Cut(text, []byte("\n"))
	var head keptHead
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, fmt.Errorf("reading its first line: %w", err)
	}
	switch {
	case head.Format != keptFormat:
		return nil, fmt.Errorf("it has the format %d, not %d", head.Format, keptFormat)
	case head.Source != f.sourceDigest() || head.Key != f.Key:
		return nil, errors.New("it is of another source, or was signed with another key")
	case head.SHA256 != digestOf(rows):
		return nil, errors.New("it was cut off or changed")
	}
	list := new(List)
	lines := bufio.NewScanner(bytes.NewReader(rows))
	for lines.Scan() {
		digits, since, _ := strings.Cut(lines.Text(), " ")
		seconds, err := strconv.ParseUint(since, 10, 32)
		if err != nil || len(digits) < 1+beyondCode || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
			return nil, fmt.Errorf("%q is not a row", lines.Text())
		}
		list.prefixes, list.since = append(list.prefixes, prefixOf(digits)), append(list.since, uint32(seconds))
	}
	if !slices.IsSorted(list.prefixes) {
		return nil, errors.New("its rows are in no order")
	}
	list.prefixes, list.since = slices.Clip(list.prefixes), slices.Clip(list.since)
	return &state{list: list, version: head.Version, since: head.Since, signed: head.Signed, signature: head.Signature, confirmed: head.Confirmed}, nil
}

// sourceDigest stands for the source, which may hold a secret.
func (f *Feed) sourceDigest() string { return digestOf([]byte(f.Source.Address + f.Source.File)) }

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
