package feed

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"aead.dev/minisign"
)

// signature is the text of a signature, nil if a list need not have one.
type signature []byte

// digest stands for the signature, and is empty for none.
func (s signature) digest() string {
	if s == nil {
		return ""
	}
	return digestOf(s)
}

// fetchSignature asks for the signature of the list that the source has now.
func (f *Feed) fetchSignature(ctx context.Context) (signature, error) {
	if f.Key == "" {
		return nil, nil
	}
	source, err := f.Source.signature()
	if err != nil {
		return nil, err
	}
	text, _, err := source.fetch(ctx, f.Client, Version{}, mostSignature)
	if err != nil {
		return nil, fmt.Errorf("fetching the signature: %w", err)
	}
	return text, nil
}

// verify checks the signature of a list, if it must have one, and returns when it was made.
func (f *Feed) verify(text []byte, by signature) (signed time.Time, err error) {
	if f.Key == "" {
		return time.Time{}, nil
	}
	key, err := ParseKey(f.Key)
	if err != nil {
		return time.Time{}, err
	}
	if !minisign.Verify(key, text, by) {
		return time.Time{}, fmt.Errorf("verifying the signature: %s is not signed with the key of the feed", f.Source.Shown)
	}
	if signed, err = timeOf(by); err != nil {
		return time.Time{}, fmt.Errorf("verifying the signature: %w", err)
	}
	return signed, nil
}

// ParseKey reads a public key of minisign.
func ParseKey(text string) (key minisign.PublicKey, err error) {
	if err := key.UnmarshalText([]byte(text)); err != nil {
		return key, fmt.Errorf(`%q is not a key: write the second line of minisign.pub, which begins with "RW"`, text)
	}
	return key, nil
}

// timestamp begins the word of a trusted comment that says when a signature was made, in seconds
// since 1970. minisign writes it unless it is told another comment
// (https://jedisct1.github.io/minisign/#signature-format).
const timestamp = "timestamp:"

// timestampBits bounds the seconds.
const timestampBits = 40

// timeOf is when a signature was made that is verified, zero if it does not say.
func timeOf(signature []byte) (time.Time, error) {
	var read minisign.Signature
	if err := read.UnmarshalText(signature); err != nil {
		return time.Time{}, err
	}
	for word := range strings.FieldsSeq(read.TrustedComment) {
		digits, ok := strings.CutPrefix(word, timestamp)
		if !ok {
			continue
		}
		seconds, err := strconv.ParseUint(digits, 10, timestampBits)
		if err != nil {
			return time.Time{}, fmt.Errorf("its trusted comment has the timestamp %q: that is not a time in seconds since 1970", digits)
		}
		return time.Unix(int64(seconds), 0).UTC(), nil
	}
	return time.Time{}, nil
}

// farthestAhead is how far ahead of this gate's clock a signature may be. One that is further would
// have all lists refused until its time has come.
const farthestAhead = time.Hour

// checkSigned returns an error for a list that was signed before the one in force. Someone who has
// no key may send such a list again.
func checkSigned(signed, inForce, now time.Time) error {
	switch {
	case signed.After(now.Add(farthestAhead)):
		return fmt.Errorf("it is of %s, which is in the future: compare the clock of this gate with that of who signs", signed.Format(time.RFC3339))
	case inForce.IsZero():
		return nil
	case signed.IsZero():
		return errors.New(`it has no time, and that of the list in force has one, so this may be an older list: sign it with "timestamp:" and the seconds since 1970 in the trusted comment, as minisign does by itself`)
	case signed.Before(inForce):
		return fmt.Errorf("it is of %s, and that of the list in force of %s: an older list is not put in force again; sign it again if it is meant", signed.Format(time.RFC3339), inForce.Format(time.RFC3339))
	}
	return nil
}
