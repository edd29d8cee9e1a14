package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// mailbox is what an SMTP server has received.
type mailbox struct {
	user, from string
	to         []string
	text       string
}

// session is a client's at an SMTP server.
type session struct {
	mailbox
	received chan mailbox
	auth     bool
	// hangsUp is the connection that ends once a message is received, nil where none does.
	hangsUp net.Conn
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "gate" || password != "secret" {
			return errors.New("unknown user")
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.auth && s.user == "" {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == "gone@example.com" {
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.text = string(text)
	s.received <- s.mailbox
	return err
}

// Reset comes after a message, too.
func (s *session) Reset() {
	if s.hangsUp != nil && s.text != "" {
		_ = s.hangsUp.Close()
	}
}

func (*session) Logout() error { return nil }

// startMailServer is an SMTP server on this machine, with what it receives and what a client
// needs to trust it.
func startMailServer(t *testing.T, withTLS, implicit, auth bool) (MailServer, chan mailbox, *tls.Config) {
	t.Helper()
	return startMailServerOf(t, withTLS, implicit, func(*smtp.Conn) *session { return &session{auth: auth} })
}

func startMailServerOf(t *testing.T, withTLS, implicit bool, sessionOf func(*smtp.Conn) *session) (MailServer, chan mailbox, *tls.Config) {
	t.Helper()
	https := httptest.NewTLSServer(http.NotFoundHandler()) // has a certificate of this machine
	t.Cleanup(https.Close)
	roots := x509.NewCertPool()
	roots.AddCert(https.Certificate())
	received := make(chan mailbox, 1)
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s := sessionOf(c)
		s.received = received
		return s, nil
	}))
	server.Domain = "mail.example"
	certified := &tls.Config{Certificates: https.TLS.Certificates}
	if withTLS {
		server.TLSConfig = certified
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if implicit {
		listener = tls.NewListener(listener, certified)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return MailServer{Host: "127.0.0.1", Port: port, Implicit: implicit}, received, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
}

func TestANoticeGoesByEMail(t *testing.T) {
	for _, c := range []struct {
		name           string
		implicit, auth bool
	}{
		{"by STARTTLS", false, false}, {"by STARTTLS, with a password", false, true}, {"by TLS from the beginning", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, received, trust := startMailServer(t, true, c.implicit, c.auth)
			e := &Email{Server: server, From: "Tollgate <gate@example.com>", To: "oncall@example.com", TLS: trust}
			if c.auth {
				e.User, e.Password = "gate", "secret"
			}
			if err := e.Deliver(context.Background(), noticeOf(incident.Opened)); err != nil {
				t.Fatal(err)
			}
			got := <-received
			if got.from != "gate@example.com" || strings.Join(got.to, " ") != "oncall@example.com" || (got.user == "gate") != c.auth {
				t.Errorf("received from %s to %s, of user %q", got.from, got.to, got.user)
			}
			for _, want := range []string{
				"Message-ID: <incident-k3v7q2m4xa-opened@gate-1>", "Auto-Submitted: auto-generated", "Mon, 30 Nov 2026 03:00:12 +0000",
				"Subject: Incident opened: operator limit block,", "limit: 20 sends within 1h per account, block:3", "tollgate incident list",
			} {
				if !strings.Contains(got.text, want) {
					t.Errorf("there is no %q in\n%s", want, got.text)
				}
			}
		})
	}
}

func TestNoEMailIsSentToAServerThatIsNotWhatItShouldBe(t *testing.T) {
	for _, c := range []struct {
		name               string
		withTLS, auth      bool
		trusted, plain, ok bool
		password, problem  string
	}{
		{name: "one without TLS", trusted: true, problem: "STARTTLS"},
		{name: "one that is not trusted", withTLS: true, problem: "certificate"},
		{name: "one that knows another password", withTLS: true, auth: true, trusted: true, password: "other", problem: "unknown user"},
		{name: "one that asks for a password", withTLS: true, auth: true, trusted: true, problem: "authenticate first"},
		{name: "one without TLS on this machine, if that is stated", plain: true, ok: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, received, trust := startMailServer(t, c.withTLS, false, c.auth)
			server.Plain = c.plain
			e := &Email{Server: server, From: "gate@example.com", To: "oncall@example.com"}
			if c.trusted {
				e.TLS = trust
			}
			if c.password != "" {
				e.User, e.Password = "gate", c.password
			}
			err := e.Deliver(context.Background(), noticeOf(incident.Opened))
			if (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), c.problem) || (len(received) == 1) != c.ok {
				t.Errorf("%v, %d received", err, len(received))
			}
		})
	}
}

// To send it again would tell it again and again.
func TestAnEMailThatWasReceivedIsDeliveredThoughTheServerHangsUp(t *testing.T) {
	server, received, trust := startMailServerOf(t, true, false, func(c *smtp.Conn) *session { return &session{hangsUp: c.Conn()} })
	e := &Email{Server: server, From: "gate@example.com", To: "oncall@example.com", TLS: trust}
	if err := e.Deliver(context.Background(), noticeOf(incident.Opened)); err != nil || len(received) != 1 {
		t.Errorf("%v, %d received", err, len(received))
	}
}

func TestAnEMailToAnAddressThatIsGoneIsRefused(t *testing.T) {
	server, _, trust := startMailServer(t, true, false, false)
	e := &Email{Server: server, From: "gate@example.com", To: "gone@example.com", TLS: trust}
	if err := e.Deliver(context.Background(), noticeOf(incident.Opened)); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "no such user") {
		t.Error(err)
	}
}

func TestAServerThatNeverGreetsHoldsUpNoStop(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	go func() {
		if conn, err := silent.Accept(); err == nil {
			defer conn.Close()
			_, _ = io.Copy(io.Discard, conn) // until the client hangs up
		}
	}()
	for _, implicit := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, cancel)
		server := MailServer{Host: "127.0.0.1", Port: silent.Addr().(*net.TCPAddr).Port, Implicit: implicit}
		e := &Email{Server: server, From: "gate@example.com", To: "oncall@example.com"}
		began := time.Now()
		if err := e.Deliver(ctx, noticeOf(incident.Opened)); !errors.Is(err, context.Canceled) || time.Since(began) > mailPatience/2 {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	}
}

func TestURLsOfMailServers(t *testing.T) {
	for _, c := range []struct {
		text    string
		plain   bool
		address string
	}{
		{"smtp://mail.example", false, "mail.example:587"},
		{"smtp://mail.example:25", false, "mail.example:25"},
		{"smtps://mail.example", false, "mail.example:465"},
		{"smtp://localhost:25", true, "localhost:25"},
		{"smtp://[::1]:25", true, "[::1]:25"},
		{"smtp://mail.example", true, ""},
		{"smtps://localhost", true, ""},
		{"smtp://user:secret@mail.example", false, ""},
		{"https://mail.example", false, ""},
		{"mail.example:587", false, ""},
		{"smtp://mail.example:0", false, ""},
		{"smtp://mail.example/inbox", false, ""},
		{"", false, ""},
	} {
		s, err := ReadMailServer(c.text, c.plain)
		if (err == nil) != (c.address != "") || err == nil && s.Address() != c.address {
			t.Errorf("%q is %v: %v", c.text, s, err)
		}
	}
}

func TestAddressesOfEMailAreChecked(t *testing.T) {
	for name, e := range map[string]*Email{
		"without from": {To: "oncall@example.com"}, "with a from that is not one": {From: "gate", To: "oncall@example.com"},
		"with a to that is not one": {From: "gate@example.com", To: "oncall"},
	} {
		if err := e.Check(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := (&Email{From: "gate@example.com", To: "oncall@example.com"}).Check(); err != nil {
		t.Error(err)
	}
}
