package forward_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/forward"
	"github.com/caddy-tollgate/tollgate/internal/harness"
)

const created = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"

// stepOf is the step of an error, or empty.
func stepOf(err error) forward.Step {
	var failed *forward.Error
	if errors.As(err, &failed) {
		return failed.Step
	}
	return ""
}

// isUnsent reports whether by an error nothing was written.
func isUnsent(err error) bool {
	var failed *forward.Error
	return errors.As(err, &failed) && failed.Unsent()
}

func TestAConnectionIsUsedAgainOnlyAfterAWholeAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		connections  int32 // of two requests
	}{
		{"after a body of known length", created, 1},
		{"after a body of chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 1},
		{"after no body", "HTTP/1.1 204 No Content\r\n\r\n", 1},
		{"after HTTP/1.0 that keeps it", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", 1},
		{"not after HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 2},
		{"not after the carrier closes it", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", 2},
		{"not after more bytes than the answer has", created + "HTTP/1.1 200 OK\r\n", 2},
		{"not after 204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", 2},
		{"not where the carrier keeps it for a second", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1, max=9\r\nContent-Length: 0\r\n\r\n", 2},
		{"where the carrier keeps it for a minute", "HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=60\r\nContent-Length: 0\r\n\r\n", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address, connections := carrier(t, func(int, *http.Request, string) (string, bool) { return tt.answer, true })
			client := &forward.Client{}
			t.Cleanup(client.Close)
			for range 2 {
				if _, err := client.Forward(context.Background(), newWriter(), address, send()); err != nil {
					t.Fatal(err)
				}
			}
			if got := connections.Load(); got != tt.connections {
				t.Errorf("%d connections", got)
			}
		})
	}
}

// dialed keeps the connections that a client opens.
type dialed struct {
	mu    sync.Mutex
	conns []*watched
}

// watched is a connection of which is known that it was closed.
type watched struct {
	*net.TCPConn
	closed atomic.Bool
}

func (w *watched) Close() error {
	w.closed.Store(true)
	return w.TCPConn.Close()
}

func (d *dialed) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w := &watched{TCPConn: conn.(*net.TCPConn)}
	d.mu.Lock()
	d.conns = append(d.conns, w)
	d.mu.Unlock()
	return w, nil
}

func (d *dialed) open() (open int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, conn := range d.conns {
		if !conn.closed.Load() {
			open++
		}
	}
	return open
}

func TestIdleConnectionsAreClosedWithoutTraffic(t *testing.T) {
	t.Parallel()
	address, _ := carrier(t, func(int, *http.Request, string) (string, bool) { return created, true })
	var d dialed
	client := &forward.Client{DialContext: d.dial, IdleTimeout: 20 * time.Millisecond}
	for range 2 { // also after all are closed
		if _, err := client.Forward(context.Background(), newWriter(), address, send()); err != nil {
			t.Fatal(err)
		}
		harness.Await(t, "no connection is open", func() bool { return d.open() == 0 })
	}
}

func TestOnlySoManyIdleConnectionsAreKept(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	all.Add(5)
	address, _ := carrier(t, func(int, *http.Request, string) (string, bool) {
		all.Done()
		all.Wait()
		return created, true
	})
	var d dialed
	client := &forward.Client{DialContext: d.dial, MaxIdlePerHost: 2}
	var done sync.WaitGroup
	for range 5 {
		done.Go(func() {
			if _, err := client.Forward(context.Background(), newWriter(), address, send()); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if got := d.open(); got != 2 {
		t.Errorf("%d connections are kept", got)
	}
	client.Close()
	if got := d.open(); got != 0 {
		t.Errorf("%d connections are left", got)
	}
}

// A configuration that was replaced keeps no connection to the carrier, whenever its last
// requests end.
func TestAClientThatIsClosedKeepsNoConnection(t *testing.T) {
	t.Parallel()
	var d dialed
	client := &forward.Client{DialContext: d.dial}
	address, _ := carrier(t, func(n int, _ *http.Request, _ string) (string, bool) {
		if n == 1 {
			client.Close()
		}
		return created, true
	})
	for _, when := range []string{"is closed while a request is on its way", "was closed before"} {
		if _, err := client.Forward(context.Background(), newWriter(), address, send()); err != nil {
			t.Fatal(err)
		}
		if got := d.open(); got != 0 {
			t.Errorf("a client that %s keeps %d connections", when, got)
		}
	}
}

// A carrier closes idle connections, or sends what was not asked for on them. Each send
// reaches it once.
func TestWhatComesOnAnIdleConnectionIsNeverTakenForAnAnswer(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		for _, tt := range []struct{ name, late string }{
			{"it is closed", ""},
			{"an answer comes that was not asked for", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		} {
			t.Run(tt.name+map[bool]string{true: " over TLS"}[secure], func(t *testing.T) {
				t.Parallel()
				var sends atomic.Int32
				late, acted, over := make(chan bool), make(chan bool), make(chan bool)
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					sends.Add(1)
					conn, out, err := http.NewResponseController(w).Hijack()
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = out.WriteString(created)
					_ = out.Flush()
					<-late
					_, _ = io.WriteString(conn, tt.late)
					if tt.late == "" {
						conn.Close()
					}
					acted <- true
					<-over
					conn.Close()
				}))
				client := &forward.Client{}
				if secure {
					server.StartTLS()
					roots := x509.NewCertPool()
					roots.AddCert(server.Certificate())
					client.TLS = &tls.Config{RootCAs: roots}
				} else {
					server.Start()
				}
				t.Cleanup(server.Close)
				t.Cleanup(func() { close(over) })
				const requests = 20
				for i := range requests {
					w := newWriter()
					status, err := client.Forward(context.Background(), w, server.Listener.Addr().String(), send())
					if err != nil || status != 201 {
						t.Fatalf("send %d: %d, %v", i, status, err)
					}
					late <- true
					<-acted
				}
				if got := sends.Load(); got != requests {
					t.Errorf("%d sends reached the carrier", got)
				}
			})
		}
	}
}

// The carrier reads each second request of a connection and closes it without an answer.
func TestASendIsNeverRepeatedAndAReadOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		replayable bool
		answers    string // of one request after another: a answers, c closes
		want       string // of the client's requests: a is an answer, e an error
	}{
		{"a send on a new connection", false, "c", "e"},
		{"a send on an old connection", false, "acaa", "aea"},
		{"a read on a new connection", true, "c", "e"},
		{"a read on an old connection", true, "aca", "aa"},
		{"a read that fails on both", true, "acc", "ae"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			address, _ := carrier(t, func(number int, _ *http.Request, _ string) (string, bool) {
				requests.Add(1)
				if number > len(tt.answers) || tt.answers[number-1] == 'c' {
					return "", false
				}
				return created, true
			})
			client := &forward.Client{}
			t.Cleanup(client.Close)
			var got strings.Builder
			for range tt.want {
				r := send()
				r.Replayable = tt.replayable
				_, err := client.Forward(context.Background(), newWriter(), address, r)
				switch {
				case err == nil:
					got.WriteByte('a')
				case stepOf(err) == forward.StepRead && errors.Is(err, io.EOF):
					got.WriteByte('e')
				default:
					t.Error(err)
				}
			}
			if got.String() != tt.want {
				t.Errorf("got %s, want %s", got.String(), tt.want)
			}
			if want := int32(len(strings.TrimSuffix(tt.answers, "aa"))); !strings.HasSuffix(tt.answers, "aa") && requests.Load() != want {
				t.Errorf("%d requests reached the carrier, want %d", requests.Load(), want)
			}
		})
	}
}

// A malformed answer is not a connection that was closed: nothing is repeated.
func TestAReadIsNotRepeatedAfterAMalformedAnswer(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	address, _ := carrier(t, func(number int, _ *http.Request, _ string) (string, bool) {
		requests.Add(1)
		if number == 1 {
			return created, true
		}
		return "HTTP/2 200 OK\r\n\r\n", true
	})
	client := &forward.Client{}
	t.Cleanup(client.Close)
	r := send()
	r.Replayable = true
	for range 2 {
		_, _ = client.Forward(context.Background(), newWriter(), address, r)
	}
	if got := requests.Load(); got != 2 {
		t.Errorf("%d requests reached the carrier", got)
	}
}

func TestAClientThatIsGoneEndsTheWait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer string
		step         forward.Step
	}{
		{"before the answer", "", forward.StepClient},
		{"within the head", "HTTP/1.1 200 OK\r\n", forward.StepClient},
		{"within a body of known length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", forward.StepClient},
		{"within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", forward.StepClient},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(context.Background())
			gone := make(chan bool)
			address, _ := carrierThatWaits(t, tt.answer, cancel, gone)
			defer close(gone)
			client := &forward.Client{ResponseHeaderTimeout: time.Hour}
			_, err := client.Forward(ctx, newWriter(), address, send())
			if stepOf(err) != tt.step || !errors.Is(err, context.Canceled) || isUnsent(err) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("before it began", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := new(forward.Client).Forward(ctx, newWriter(), harness.FreeAddress(t), send())
		if stepOf(err) != forward.StepClient || !errors.Is(err, context.Canceled) || !isUnsent(err) {
			t.Errorf("got %v", err)
		}
	})
}

// carrierThatWaits begins an answer, calls then, and waits for more.
func carrierThatWaits(t testing.TB, begin string, then func(), more <-chan bool) (address string, listener net.Listener) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		_, _ = io.WriteString(conn, begin)
		then()
		<-more
	}()
	return listener.Addr().String(), listener
}

func TestACarrierThatDoesNotAnswerIsNotAwaitedForever(t *testing.T) {
	t.Parallel()
	more := make(chan bool)
	defer close(more)
	address, _ := carrierThatWaits(t, "HTTP/1.1 200 OK\r\n", func() {}, more)
	client := &forward.Client{ResponseHeaderTimeout: 100 * time.Millisecond}
	_, err := client.Forward(context.Background(), newWriter(), address, send())
	if stepOf(err) != forward.StepRead || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// The timeout is of the head alone.
func TestABodyMayTakeLongerThanTheHead(t *testing.T) {
	t.Parallel()
	const timeout = 500 * time.Millisecond
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "2")
		_, _ = io.WriteString(w, "a")
		_ = http.NewResponseController(w).Flush()
		<-time.After(2 * timeout)
		_, _ = io.WriteString(w, "b")
	}))
	t.Cleanup(server.Close)
	client := &forward.Client{ResponseHeaderTimeout: timeout}
	t.Cleanup(client.Close)
	w := newWriter()
	if _, err := client.Forward(context.Background(), w, server.Listener.Addr().String(), send()); err != nil || w.Body.String() != "ab" {
		t.Errorf("got %q, %v", w.Body, err)
	}
}

func TestACarrierThatCannotBeReachedIsAnErrorOfDialing(t *testing.T) {
	t.Parallel()
	_, err := new(forward.Client).Forward(context.Background(), newWriter(), harness.FreeAddress(t), send())
	if stepOf(err) != forward.StepDial || !isUnsent(err) {
		t.Errorf("got %v", err)
	}
}

func TestAClientWhoseConnectionFailsIsAnErrorOfTheClient(t *testing.T) {
	t.Parallel()
	address, _ := carrier(t, func(int, *http.Request, string) (string, bool) { return created, true })
	w := newWriter()
	w.fails = errors.New("connection reset")
	client := &forward.Client{}
	_, err := client.Forward(context.Background(), w, address, send())
	if stepOf(err) != forward.StepClient || !errors.Is(err, w.fails) {
		t.Errorf("got %v", err)
	}
}

// The carrier refuses an upload before it has read it, and closes the connection.
func TestAnEarlyAnswerIsPassedOnAndItsConnectionDropped(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(conn, make([]byte, 100))
			_, _ = io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.ReadFull(conn, make([]byte, 1<<20))
			conn.Close() // with bytes that are not read, so that the system resets it
		}
	}()
	client := &forward.Client{}
	t.Cleanup(client.Close)
	for range 3 {
		r := send()
		r.Body = make([]byte, 32<<20)
		w := newWriter()
		status, err := client.Forward(context.Background(), w, listener.Addr().String(), r)
		if err != nil || status != 413 || w.Body.String() != "big" {
			t.Errorf("got %d, %v: %q", status, err, w.Body)
		}
	}
}

func TestManyGoroutinesShareConnections(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	client := &forward.Client{MaxIdlePerHost: 4, ResponseHeaderTimeout: time.Minute}
	t.Cleanup(client.Close)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 50 {
				ctx, cancel := context.WithCancel(context.Background())
				r := send()
				r.Body = []byte(strings.Repeat(string(rune('a'+i)), 1+j*j*10))
				w := newWriter()
				if _, err := client.Forward(ctx, w, server.Listener.Addr().String(), r); err != nil || w.Body.String() != string(r.Body) {
					t.Errorf("got %.20q, %v", w.Body, err)
				}
				cancel()
			}
		})
	}
	all.Wait()
}
