//go:build unix

package keys_test

import (
	"os"
	"syscall"
	"testing"

	"github.com/caddy-tollgate/tollgate/keys"
)

// The server runs as another user than the one who revokes: it must be able to
// read what was written.
func TestAFileKeepsItsOwnerAndItsGroupMayGoOnReading(t *testing.T) {
	file := newFile(t)
	create(t, file, keys.Key{Account: acme})
	if err := os.Chmod(file, 0o664); err != nil {
		t.Fatal(err)
	}
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = 12345, 23456
		if err := os.Chown(file, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	create(t, file, keys.Key{Account: acme})
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	if int(owner.Uid) != uid || int(owner.Gid) != gid || info.Mode() != 0o640 {
		t.Errorf("is %v of %d:%d", info.Mode(), owner.Uid, owner.Gid)
	}
}
