//go:build unix

package keys_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
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

// Under its other name, a key that was revoked would stay in force.
func TestAFileWithASecondNameIsNotReplaced(t *testing.T) {
	file := newFile(t)
	key, _ := create(t, file, keys.Key{Account: acme})
	second := file + ".second"
	if err := os.Link(file, second); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Revoke(second, carriers, now, key.SID); err == nil {
		t.Error("was replaced under one of its names")
	}
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Revoke(file, carriers, now, key.SID); err != nil {
		t.Error(err)
	}
}

func TestALinkToNothingStaysALink(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "keys.json"), filepath.Join(folder, "link")
	for at, to := range map[string]string{link: "next", filepath.Join(folder, "next"): "keys.json"} {
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
	}
	create(t, link, keys.Key{Account: acme})
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	if read(t, file).Len() != 1 {
		t.Error("what the link points at was not written")
	}
	round := filepath.Join(folder, "round")
	if err := os.Symlink("round", round); err != nil {
		t.Fatal(err)
	}
	if _, _, err := keys.Create(round, carriers, keys.Key{Account: acme}, now); err == nil {
		t.Error("a link to itself was written")
	}
}

func TestWhoMayReachTheFile(t *testing.T) {
	file := newFile(t)
	create(t, file, keys.Key{Account: acme})
	for mode, want := range map[os.FileMode]string{
		0o600: "", 0o640: "", 0o660: "", 0o644: "exposed", 0o604: "exposed", 0o602: "refused", 0o666: "refused",
	} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		set, err := keys.Read(file, carriers)
		got := ""
		switch {
		case err != nil:
			got = "refused"
		case set.Exposed():
			got = "exposed"
		}
		if got != want {
			t.Errorf("%v: %q, %v", mode, got, err)
		}
	}
}
