package keys

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/policy"
)

// fileVersion is the version of the key file that this program reads and writes.
const fileVersion = 1

// file is what a key file holds.
type file struct {
	Version int     `json:"version"`
	Keys    []entry `json:"keys"`
}

// entry is one key in the file. Times are RFC 3339.
type entry struct {
	SID        string `json:"sid"`
	Account    string `json:"account"`
	Name       string `json:"name,omitzero"`
	SHA256     string `json:"sha256"`
	Channels   limit  `json:"channels,omitzero"`
	Operations limit  `json:"operations,omitzero"`
	Senders    limit  `json:"senders,omitzero"`
	Created    string `json:"created"`
	Expires    string `json:"expires,omitzero"`
	Revoked    string `json:"revoked,omitzero"`
}

// limit is a list that differs from its absence when it is empty.
type limit []string

// maxMistakes is how many mistakes of a file are named one by one.
const maxMistakes = 50

// Read reads a key file. A file that every user may write to is an error: any user could
// add a key.
func Read(name string, carriers Carriers) (*Set, error) {
	text, err := decode.ReadText(name)
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	exposed, err := exposure(name)
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	set, err := Parse(name, text, carriers)
	if err != nil {
		return nil, err
	}
	set.exposed = exposed
	return set, nil
}

// Parse reads the text of a key file, as Read does. The name is for the positions of
// mistakes, of which the first 50 are named. The text of a mistaken value is not in the
// error: it might be a misplaced secret.
//
// An operation that the carrier does not have is a warning. It allows nothing, and without
// the file a revoked key would stay in force, and a gate could not start after an update
// whose tables call an operation by another name.
func Parse(name string, text []byte, carriers Carriers) (*Set, error) {
	var f file
	positions, err := decode.JSONFile(name, text, &f, nil)
	if err != nil {
		return nil, err
	}
	if f.Version != fileVersion {
		return nil, positions.Problem("version", fmt.Sprintf(`must state "version": %d: `+
			`this program reads no other version of the key file`, fileVersion))
	}
	set := &Set{keys: make([]*Key, 0, len(f.Keys)), bySID: make(map[string]*Key, len(f.Keys))}
	operations := newOperationNames(carriers)
	var mistakes []error
	for i := range f.Keys {
		key, wrong := f.Keys[i].key(carriers)
		if set.bySID[key.SID] != nil {
			wrong = append(wrong, mistake{"sid", "another key has the same name: remove one of them"})
		}
		for _, m := range wrong {
			at := fmt.Sprintf("keys[%d].%s", i, m.member)
			mistakes = append(mistakes, positions.Problem(at, at+": "+m.message))
		}
		if len(mistakes) >= maxMistakes {
			break
		}
		if key.Revoked.IsZero() {
			for _, m := range operations.unknown(&key) {
				at := fmt.Sprintf("keys[%d].%s", i, m.member)
				set.warn(positions.Problem(at, at+": allows nothing: "+m.message).Error())
			}
		}
		set.keys = append(set.keys, &key)
		set.bySID[key.SID] = &key
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes[:min(len(mistakes), maxMistakes)]...)
	}
	return set, nil
}

// key makes a key of what the file says of it.
func (e *entry) key(carriers config.Carriers) (k Key, mistakes []mistake) {
	k = Key{
		SID:        e.SID,
		Account:    e.Account,
		Name:       e.Name,
		Operations: e.Operations,
		Senders:    e.Senders,
	}
	if e.Channels != nil {
		k.Channels = make([]policy.Channel, 0, len(e.Channels))
	}
	for i, name := range e.Channels {
		channel, ok := policy.ParseChannel(name)
		if !ok {
			mistakes = append(mistakes, mistake{element("channels", i), "a channel is one of " + strings.Join(policy.ChannelNames, ", ")})
		}
		k.Channels = append(k.Channels, channel)
	}
	if n, err := hex.Decode(k.sum[:], []byte(e.SHA256)[:min(len(e.SHA256), 2*len(k.sum))]); err != nil || n != len(k.sum) || len(e.SHA256) != 2*n {
		mistakes = append(mistakes, mistake{"sha256", "must be the SHA-256 of the secret, 64 hexadecimal digits"})
	}
	for _, stated := range []struct {
		member, text string
		into         *time.Time
	}{{"created", e.Created, &k.Created}, {"expires", e.Expires, &k.Expires}, {"revoked", e.Revoked, &k.Revoked}} {
		if stated.text == "" && stated.member != "created" {
			continue
		}
		t, err := time.Parse(time.RFC3339, stated.text)
		t = t.UTC().Truncate(time.Second)
		if err != nil || t.Unix() <= 0 || t.Year() > 9999 {
			mistakes = append(mistakes, mistake{stated.member, `must be a time such as "2026-12-01T18:00:00Z"`})
		}
		*stated.into = t
	}
	return k, append(mistakes, k.check(carriers)...)
}

// write writes keys as Parse reads them.
func write(keys []*Key) ([]byte, error) {
	f := file{Version: fileVersion, Keys: make([]entry, len(keys))}
	for i, k := range keys {
		f.Keys[i] = k.entry()
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(&f); err != nil {
		return nil, fmt.Errorf("writing the key file: %w", err)
	}
	return text.Bytes(), nil
}

// entry is the key as a file has it.
func (k *Key) entry() entry {
	e := entry{
		SID:        k.SID,
		Account:    k.Account,
		Name:       k.Name,
		SHA256:     hex.EncodeToString(k.sum[:]),
		Operations: k.Operations,
		Senders:    k.Senders,
		Created:    written(k.Created),
		Expires:    written(k.Expires),
		Revoked:    written(k.Revoked),
	}
	if k.Channels != nil {
		e.Channels = make(limit, len(k.Channels))
	}
	for i, channel := range k.Channels {
		e.Channels[i] = channel.String()
	}
	return e
}

// written is a time as the file has it; a zero one is left out.
func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
