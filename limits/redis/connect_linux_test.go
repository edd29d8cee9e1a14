package redis_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	server "github.com/caddy-tollgate/tollgate/internal/harness/redis"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
	"github.com/caddy-tollgate/tollgate/store"
)

// exercise asks counters for all that they do.
func exercise(t *testing.T, c *redis.Counters) {
	t.Helper()
	numbers := redis.Demand(time.Minute, 1, "numbers")
	numbers.Item = 7
	demands := []limits.Demand{redis.Demand(time.Minute, 1, "sends"), numbers}
	if refused, ok := c.Reserve(time.Now(), demands); !ok {
		t.Fatalf("%+v", refused)
	}
	more := []limits.Demand{redis.Demand(time.Minute, 1, "sends"), redis.Demand(time.Minute, 1, "numbers")}
	more[1].Item = 8
	for i := range more {
		if refused, ok := c.Reserve(time.Now(), more[i:i+1]); ok || refused.Unavailable || refused.RetryAfter <= 0 {
			t.Errorf("%t %+v", ok, refused)
		}
		if used, _ := c.Used(time.Now(), &more[i]); used != 1 {
			t.Errorf("%d are used", used)
		}
	}
	c.GiveBack(demands)
	if used, _ := c.Used(time.Now(), &more[0]); used != 0 || !c.Available() {
		t.Errorf("%d are used after all was given back", used)
	}
	if _, ok := c.Reserve(time.Now(), more); !ok {
		t.Error("refused after all was given back")
	}
	c.Clear(more[0].Key, more[1].Key)
	if used, _ := c.Used(time.Now(), &more[0]); used != 0 || !c.Available() {
		t.Errorf("%d are used after all was cleared", used)
	}
	c.GiveBack(more) // of what was cleared
	exerciseHolds(t, c.Holds())
}

// exerciseHolds writes what is held and reads it, all and nothing new.
func exerciseHolds(t *testing.T, h store.Holds) {
	t.Helper()
	now := time.Now()
	secret, err := h.Secret(t.Context(), []byte("a secret"))
	if err != nil || string(secret) != "a secret" {
		t.Errorf("the secret is %q, %v", secret, err)
	}
	kept := []store.KeptHold{
		{ID: "a", Document: []byte(`{"of":"a"}`), Changed: now},
		{ID: "b", Document: []byte(`{"of":"b"}`), Changed: now, Over: now.Add(time.Hour)},
		{ID: "over", Document: []byte(`{}`), Changed: now, Over: now.Add(-time.Hour)},
	}
	if err := h.Write(t.Context(), now, kept); err != nil {
		t.Error(err)
	}
	earlier := store.KeptHold{ID: "a", Document: []byte(`{"of":"before"}`), Changed: now.Add(-1)}
	if err := h.Write(t.Context(), now, []store.KeptHold{earlier}); err != nil {
		t.Error(err)
	}
	read := func(after int64) (documents string, last int64) {
		last, err := h.Changes(t.Context(), after, func(k store.KeptHold) error {
			documents += k.ID + string(k.Document)
			if !k.Changed.Equal(now) {
				t.Errorf("%s changed at %s and not %s", k.ID, k.Changed, now)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return documents, last
	}
	documents, last := read(0)
	if documents != `a{"of":"a"}b{"of":"b"}` || last != 2 {
		t.Errorf("kept are %s up to %d", documents, last)
	}
	if documents, again := read(last); documents != "" || again != last {
		t.Errorf("new are %s up to %d", documents, again)
	}
}

// The rights that the page names are enough.
func TestAUserNeedsNoMoreRightsThanAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/counters.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rights, _ := strings.Cut(string(page), "ACL SETUSER ")
	rights, _, _ = strings.Cut(rights, "\n```")
	settings := append([]string{"--user"}, strings.Fields(strings.ReplaceAll(strings.ReplaceAll(rights, "\\\n", ""), "…", "a/secret"))...)
	s := server.Start(t, append(settings, "--user", "default", "off")...)
	user := func(password string) func(*redis.Options) {
		return func(o *redis.Options) { o.Address, o.Prefix = "redis://tollgate:"+password+"@"+s.Address, "tollgate:" }
	}
	exercise(t, start(t, s.Address, user("a%2Fsecret")))

	// No error has the password.
	told := make(chan error, 100)
	o := redis.Options{Timeout: time.Second, Changed: func(err error) { told <- err }}
	user("another%2Fone")(&o)
	c, err := redis.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Start()
	if err := <-told; err == nil || strings.Contains(err.Error(), "another") || !strings.Contains(err.Error(), "WRONGPASS") {
		t.Errorf("with another password: %v", err)
	}
}

// All keys of a script are on one server of a cluster.
func TestCountersMayBeInACluster(t *testing.T) {
	s := server.Start(t, "--cluster-enabled", "yes", "--cluster-require-full-coverage", "no")
	conn, err := net.Dial("tcp", s.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	ask := func(command string) string {
		fmt.Fprintf(conn, "%s\r\n", command)
		line, err := answers.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	if answer := ask("CLUSTER ADDSLOTSRANGE 0 16383"); answer != "+OK\r\n" {
		t.Fatal(answer)
	}
	harness.Await(t, "the cluster takes writes", func() bool { return ask("SET {limits}:a b") == "+OK\r\n" })
	exercise(t, start(t, s.Address))
}

// relay is an address that leads to one server, and later to another, as a name does.
func relay(t *testing.T, to *atomic.Pointer[string]) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", *to.Load())
			if err != nil {
				client.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				_, _ = io.Copy(to, from)
				to.Close()
			}
			go pass(server, client)
			go pass(client, server)
		}
	}()
	return listener.Addr().String()
}

// After a failover, the address leads to the new master, while the old one, a replica now, keeps
// its connections.
func TestTheNewMasterIsAskedAfterAFailover(t *testing.T) {
	before, after := server.Start(t), server.Start(t)
	var to atomic.Pointer[string]
	to.Store(&before.Address)
	c := start(t, relay(t, &to))
	exercise(t, c)
	to.Store(&after.Address)
	conn, err := net.Dial("tcp", before.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "REPLICAOF 127.0.0.1 %s\r\n", harness.Port(after.Address))
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err != nil || answer != "+OK\r\n" {
		t.Fatal(answer, err)
	}
	demand := []limits.Demand{redis.Demand(time.Minute, 1, "limit")}
	c.Reserve(time.Now(), demand) // which finds it out
	harness.Await(t, "the new master is asked", c.Available)
	exercise(t, c)
}

func TestAddressesAreReadAndNoErrorShowsAPassword(t *testing.T) {
	for _, c := range []struct{ address, host, wrong string }{
		{"localhost:6379", "localhost:6379", ""},
		{"[::1]:6379", "[::1]:6379", ""},
		{"redis://gate:secret@redis.example.com/3", "redis.example.com:6379", ""},
		{"valkeys://redis.example.com:7000", "redis.example.com:7000", ""},
		{"localhost", "", "neither a host with a port nor a URL"},
		{"http://localhost:6379", "", "scheme"},
		{"redis://gate:s%cret@localhost", "", "percent-encode"},
		{"redis://gate:secret@localhost/first", "", "database number"},
	} {
		got, err := redis.ReadAddress(c.address)
		switch {
		case c.wrong == "" && (err != nil || got.InitAddress[0] != c.host):
			t.Errorf("%s: %q, %v", c.address, got.InitAddress, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "cret@")):
			t.Errorf("%s: %v", c.address, err)
		}
	}
}
