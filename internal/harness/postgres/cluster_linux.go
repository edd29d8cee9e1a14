package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// cluster is what all servers of a test binary begin with: the programs, and a folder of
// data as initdb makes it, once.
type cluster struct {
	// folder holds the data and sockets of all servers.
	folder           string
	initdb, postgres string
	template         string
	owner            *syscall.Credential // nil: that of the tests
	shared           *Server
}

// made is the cluster of this test binary. Its lock is held while a server is started.
var made struct {
	sync.Mutex
	*cluster
}

// Main runs the tests of a package that starts a server, and ends what they left behind. It
// does what harness.Main does besides:
//
//	func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }
func Main(m *testing.M) int {
	code := harness.Main(m)
	if made.cluster != nil {
		if shared := made.shared; shared != nil {
			shared.kill()
		}
		os.RemoveAll(made.folder)
	}
	return code
}

// begin returns the cluster. It skips the test where PostgreSQL is not installed, except in
// a run that says CI. The caller holds the lock.
func begin(t testing.TB) *cluster {
	t.Helper()
	if made.cluster != nil {
		return made.cluster
	}
	c := &cluster{initdb: program("initdb"), postgres: program("postgres")}
	if c.initdb == "" || c.postgres == "" {
		const missing = "PostgreSQL is not installed: apt-get install postgresql"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	if err := c.create(); err != nil {
		os.RemoveAll(c.folder)
		t.Fatal(err)
	}
	made.cluster = c
	return c
}

// program is the path of a program of PostgreSQL, or empty. Debian keeps them in a folder for
// each version, outside of PATH.
func program(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return ""
	}
	return slices.Max(found)
}

// create makes the folder and the template. PostgreSQL refuses to run as root, so root runs
// it as the user that Debian's package adds.
func (c *cluster) create() error {
	// Not t.TempDir: its parents are closed to the other user. The path is short because
	// that of a socket has at most 107 bytes.
	folder, err := os.MkdirTemp("", "tollgate-pg")
	if err != nil {
		return err
	}
	c.folder, c.template = folder, filepath.Join(folder, "template")
	if os.Getuid() == 0 {
		account, err := user.Lookup("postgres")
		if err != nil {
			return fmt.Errorf("finding a user to run PostgreSQL as: %w", err)
		}
		uid, _ := strconv.Atoi(account.Uid)
		gid, _ := strconv.Atoi(account.Gid)
		c.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(folder, uid, gid); err != nil {
			return err
		}
	}
	command := exec.Command(c.initdb, "--pgdata", c.template, "--username", "tollgate",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--wal-segsize", "1", "--no-sync")
	c.runAsOwner(command)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	return nil
}

func (c *cluster) runAsOwner(command *exec.Cmd) {
	command.Dir = c.folder
	command.SysProcAttr = &syscall.SysProcAttr{Credential: c.owner}
}

// copyTemplate makes a server's folder of data.
func (c *cluster) copyTemplate(data string) error {
	command := exec.Command("cp", "-a", c.template, data)
	c.runAsOwner(command)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("copying the template: %w\n%s", err, output)
	}
	return nil
}
