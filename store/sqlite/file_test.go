package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/storetest"
)

// commit makes the next change of a store: an object and its record.
func commit(t testing.TB, s *Store, value string) {
	t.Helper()
	if _, err := s.Commit(t.Context(), s.change(value)); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsTheUsersOwn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes of files")
	}
	folder := filepath.Join(t.TempDir(), "a", "b")
	commit(t, openFile(t, filepath.Join(folder, "store.db")), "v")
	for name, want := range map[string]fs.FileMode{
		"..": 0o700, ".": 0o700, "store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600, "store.db.lock": 0o600,
	} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v and not %v, %v", name, info.Mode().Perm(), want, err)
		}
	}
}

func TestAnyPathNamesAFile(t *testing.T) {
	for _, name := range []string{"store.db", "no extension", "a?mode=memory", "a#b", "50%41", "é&x=1", "file:x"} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, "?:") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			commit(t, openFile(t, path), "v")
			if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
				t.Errorf("it is not the file of the store: %v", err)
			}
		})
	}
}

func TestAFileIsOpenOnce(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "store.db"), filepath.Join(folder, "link.db")
	s := openFile(t, path)
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{path, link} {
		_, err := Open(t.Context(), name)
		if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), path) {
			t.Errorf("opening %s again returns %v", name, err)
		}
	}
	commit(t, s, "v")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openFile(t, link)
}

func TestAFileThatCannotBeUsedIsRefusedInWords(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"a folder", func(t *testing.T, path string) { try(t, os.Mkdir(path, 0o700)) }, "is not a file: name a file, such as"},
		{"a text", func(t *testing.T, path string) {
			try(t, os.WriteFile(path, bytes.Repeat([]byte("not a database\n"), 1000), 0o600))
		}, "the file is not a database, or it is damaged"},
		{"another program's database", func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			try(t, err)
			_, err = db.ExecContext(t.Context(), "CREATE TABLE theirs (id INTEGER)")
			try(t, err)
			try(t, db.Close())
		}, "is the database of another program: name another file"},
		{"a store with damaged pages", func(t *testing.T, path string) {
			damage(t, path, func(file []byte) []byte {
				for at := 4096; at < len(file); at += 4096 {
					copy(file[at:], "damaged")
				}
				return file
			})
		}, "the file is damaged: put it back from a backup"},
		{"a store with a damaged page of objects", func(t *testing.T, path string) {
			damage(t, path, func(file []byte) []byte {
				document := bytes.Index(file, []byte(`"199"`)) // the last of the only object
				copy(file[document/4096*4096:], "damaged")
				return file
			})
		}, "the file is damaged: put it back from a backup"},
		{"half of a store", func(t *testing.T, path string) {
			damage(t, path, func(file []byte) []byte { return file[:len(file)/2] })
		}, "the file is damaged: put it back from a backup"},
		{"a folder that cannot be written", func(t *testing.T, path string) {
			try(t, os.Chmod(filepath.Dir(path), 0o500))
			t.Cleanup(func() { os.Chmod(filepath.Dir(path), 0o700) })
			if os.WriteFile(path+".test", nil, 0o600) == nil {
				t.Skip("this user may write in any folder")
			}
		}, "the user that runs the gate must be able to write in that folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			test.make(t, path)
			s, err := Open(t.Context(), path)
			if err == nil {
				s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("opening it returns %v and not %q with its path", err, test.want)
			}
		})
	}
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// damage alters the file of a store with some changes, while it is closed.
func damage(t *testing.T, path string, alter func([]byte) []byte) {
	t.Helper()
	s := openFile(t, path)
	for i := range 200 {
		commit(t, s, fmt.Sprint(i))
	}
	try(t, s.Close())
	file, err := os.ReadFile(path)
	try(t, err)
	try(t, os.WriteFile(path, alter(file), 0o600))
}

// A file that may have no more pages fails as one on a full disk does.
func TestAFullDiskChangesNothing(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	commit(t, s, "v")
	limit := func(pages int) {
		t.Helper()
		_, err := s.writer.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		try(t, err)
	}
	limit(1) // no fewer than there are
	_, err := s.Commit(t.Context(), s.change(strings.Repeat("x", 1<<16)))
	if err == nil || !strings.Contains(err.Error(), "the disk is full: nothing was changed; make room") {
		t.Errorf("a change returns %v", err)
	}
	if got, err := s.Get(t.Context(), store.Account, "counter"); err != nil || string(got.Document) != `"v"` || got.Revision != 1 {
		t.Errorf("the object is %s, %v", got.Document, err)
	}
	storetest.Verify(t, s)
	limit(1 << 30)
	commit(t, s, "w")
	storetest.Verify(t, s)
}

func TestWhatIsForgottenIsNotInAnyFile(t *testing.T) {
	folder := t.TempDir()
	s := openFile(t, filepath.Join(folder, "store.db"))
	c := s.change("v")
	c.Records[0].Reason = "asked for by Erika Mustermann"
	_, err := s.Commit(t.Context(), c)
	try(t, err)
	if !isInFiles(t, folder, "Mustermann") {
		t.Fatal("the reason is not in any file: the test looks for it in vain")
	}
	if records, err := s.Log().Forget(t.Context(), "counter"); err != nil || records != 1 {
		t.Fatal(records, err)
	}
	if isInFiles(t, folder, "Mustermann") {
		t.Error("a file still has the reason")
	}
}

func isInFiles(t *testing.T, folder, text string) bool {
	t.Helper()
	files, err := os.ReadDir(folder)
	try(t, err)
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(folder, file.Name()))
		try(t, err)
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}
