package clients_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// insideVariable tells a test that it runs in a network of its own.
const insideVariable = "TOLLGATE_TEST_INSIDE"

// inOwnNetwork runs the test that calls it again, alone in a network that has
// nothing but loopback and with a resolver of its own. There, Twilio's names can
// be given any address, the gate and the carrier both have port 443, and nothing
// can leave this machine. It returns true inside, and false outside once the
// test is over.
//
// It needs no root, but a kernel that lets users have namespaces.
func inOwnNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideVariable) != "" {
		if err := setUpNetwork(); err != nil {
			t.Skipf("the kernel gives no network of its own: %v", err)
		}
		return true
	}
	test := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	test.Env = append(os.Environ(), insideVariable+"=1")
	test.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	output, err := test.CombinedOutput()
	switch {
	case err != nil && !errors.As(err, new(*exec.ExitError)):
		t.Skipf("the kernel gives no network of its own: %v", err)
	case err != nil:
		t.Errorf("in a network of its own:\n%s", output)
	case strings.Contains(string(output), "\n--- SKIP"):
		t.Skipf("in a network of its own:\n%s", output)
	case strings.Contains(string(output), "--- SKIP"):
		t.Logf("in a network of its own:\n%s", output)
	}
	return false
}

// setUpNetwork brings loopback up and makes 127.0.0.1 this process's resolver.
func setUpNetwork() error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	loopback, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	loopback.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, loopback); err != nil {
		return fmt.Errorf("bringing loopback up: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	for file, text := range map[string]string{
		"/etc/resolv.conf":   "nameserver 127.0.0.1\n",
		"/etc/nsswitch.conf": "hosts: files dns\n",
	} {
		instead, err := os.CreateTemp("", "etc")
		if err != nil {
			return err
		}
		defer os.Remove(instead.Name()) // what is mounted stays
		if _, err := instead.WriteString(text); err != nil {
			return err
		}
		instead.Close()
		if err := unix.Mount(instead.Name(), file, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("replacing %s: %w", file, err)
		}
	}
	return nil
}
