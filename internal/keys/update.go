package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// Create makes a key as New does and adds it to the file, which is made if there is none.
func Create(name string, carriers Carriers, stated Key, now time.Time) (key *Key, secret string, err error) {
	created, secret, err := New(carriers, stated, now)
	if err != nil {
		return nil, "", err
	}
	err = update(name, func(old []byte, found bool) ([]byte, error) {
		var all []*Key
		if found {
			set, err := Parse(name, old, carriers)
			if err != nil {
				return nil, err
			}
			all = set.keys
		}
		return rewrite(name, carriers, append(all, created))
	})
	if err != nil {
		return nil, "", err
	}
	return created, secret, nil
}

// Revoke revokes keys: all of them or, if one is not in the file, none. They stay in the
// file. It returns them in the order of the names; one that was revoked before keeps its
// time.
func Revoke(name string, carriers Carriers, now time.Time, sids ...string) (revoked []*Key, err error) {
	err = update(name, func(old []byte, found bool) ([]byte, error) {
		if !found {
			return nil, fmt.Errorf("reading the key file: %w", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist})
		}
		set, err := Parse(name, old, carriers)
		if err != nil {
			return nil, err
		}
		for i, sid := range sids {
			key := set.bySID[sid]
			if key == nil {
				// Its text might be a misplaced secret.
				return nil, fmt.Errorf("the file has no key with the name given as number %d: see the list", i+1)
			}
			if key.Revoked.IsZero() {
				key.Revoked = now.UTC().Truncate(time.Second)
			}
			revoked = append(revoked, key)
		}
		return rewrite(name, carriers, set.keys)
	})
	if err != nil {
		return nil, err
	}
	return revoked, nil
}

// rewrite writes keys, and reads them as a gate would: a file that the gate would refuse,
// such as one with too many keys, must not replace one that it accepts.
func rewrite(name string, carriers Carriers, all []*Key) ([]byte, error) {
	text, err := write(all)
	if err != nil {
		return nil, err
	}
	if _, err := Parse(name, text, carriers); err != nil {
		return nil, fmt.Errorf("reading what would be written: %w", err)
	}
	return text, nil
}

// update replaces a file by what change makes of it, one change at a time. The new file
// is written beside the old one and renamed, so that every reader sees one or the other.
// When update returns, the file is on the disk.
func update(name string, change func(old []byte, found bool) ([]byte, error)) error {
	name, err := target(name)
	if err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	release, err := lock(name)
	if err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	defer release()
	old, err := decode.ReadText(name)
	found := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the key file: %w", err)
	}
	text, err := change(old, found)
	if err != nil {
		return err
	}
	if err := replace(name, text, found); err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	return nil
}

// replace puts a new file in the place of the one that was found, if any. The lock must
// be held.
func replace(name string, text []byte, found bool) (err error) {
	if found {
		if err := refuseHardLinks(name); err != nil {
			return err
		}
	}
	beside := name + ".new"
	// A command that was interrupted may have left one.
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	next, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			next.Close()
			os.Remove(beside)
		}
	}()
	if found {
		if err := keepReaders(next, name); err != nil {
			return err
		}
	}
	if _, err := next.Write(text); err != nil {
		return err
	}
	if err := errors.Join(next.Sync(), next.Close()); err != nil {
		return err
	}
	if err := os.Rename(beside, name); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(name)); err != nil {
		return fmt.Errorf("syncing it to disk (it is written; run the command again): %w", err)
	}
	return nil
}

// maxLinks is how many links are followed, as by most systems.
const maxLinks = 40

// target is what a link points at, whether that exists or not. It is replaced, and not
// the link.
func target(name string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(name)
		if err != nil {
			return name, nil // is not a link
		}
		if !filepath.IsAbs(to) {
			// The parent of a folder that is a link is another one.
			folder, err := filepath.EvalSymlinks(filepath.Dir(name))
			if err != nil {
				return "", err
			}
			to = filepath.Join(folder, to)
		}
		name = to
	}
	return "", fmt.Errorf("%s leads through too many links", name)
}
