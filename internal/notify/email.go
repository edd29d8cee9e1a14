package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// MailServer is a server that takes e-mail.
type MailServer struct {
	Host string
	Port int
	// Implicit says that TLS begins at once, and not by STARTTLS.
	Implicit bool
	// Plain says that there is no TLS.
	Plain bool
}

// The ports of a server where its URL states none (RFC 6409, section 3.1; RFC 8314, section 7.3).
const (
	submissionPort  = 587
	submissionsPort = 465
)

// ReadMailServer reads the URL of a server: smtp:// begins TLS by STARTTLS, smtps:// at once. Only
// a server on this machine may be without TLS.
func ReadMailServer(text string, plain bool) (MailServer, error) {
	errNone := errors.New("email needs the URL of a server, such as smtp://mail.example:587, or smtps://mail.example")
	to, err := url.Parse(text)
	if err != nil || to.Hostname() == "" || to.User != nil || to.Path != "" || to.RawQuery != "" {
		return MailServer{}, errNone
	}
	s := MailServer{Host: to.Hostname(), Port: submissionPort, Plain: plain}
	switch to.Scheme {
	case "smtp":
	case "smtps":
		s.Implicit, s.Port = true, submissionsPort
	default:
		return MailServer{}, errNone
	}
	switch {
	case plain && s.Implicit:
		return MailServer{}, errors.New("smtps:// is with TLS: write smtp:// for a server without it")
	case plain && !isLoopback(s.Host):
		return MailServer{}, fmt.Errorf("the server %s would get e-mail without TLS: only one on this machine may", s.Host)
	}
	if to.Port() != "" {
		if s.Port, err = strconv.Atoi(to.Port()); err != nil || s.Port < 1 || s.Port > 65535 {
			return MailServer{}, errNone
		}
	}
	return s, nil
}

// Address is the host and port.
func (s MailServer) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Email sends notices by e-mail.
type Email struct {
	Server MailServer
	From   string
	// To is one address: a server that refuses one of several would take none.
	To string
	// User and Password are empty where the server asks for none.
	User, Password string
	// TLS is nil for what the system trusts.
	TLS *tls.Config
}

// Check finds addresses that cannot be.
func (e *Email) Check() error {
	_, err := e.message(new(Notice))
	return err
}

// Deliver implements Receiver.
func (e *Email) Deliver(ctx context.Context, n *Notice) error {
	message, err := e.message(n)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(e.Server.Host, e.options()...)
	if err != nil {
		return fmt.Errorf("sending e-mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, mailPatience)
	defer cancel()
	sent := make(chan error, 1)
	go func() { sent <- client.DialAndSendWithContext(ctx, message) }()
	select {
	case err = <-sent:
		if err != nil && message.IsDelivered() {
			return nil // and the server has hung up since
		}
	case <-ctx.Done(): // the client does not look at it while it waits for the server's lines
		err = ctx.Err()
	}
	var refused *mail.SendError
	switch {
	case errors.As(err, &refused) && refused.ErrorCode() >= 500:
		return fmt.Errorf("sending e-mail: %w: %w", ErrRefused, err)
	case err != nil:
		return fmt.Errorf("sending e-mail: %w", err)
	}
	return nil
}

// mailPatience is how long a server may take for an e-mail. Some greet late, to deter spam.
const mailPatience = 30 * time.Second

func (e *Email) options() []mail.Option {
	options := []mail.Option{mail.WithPort(e.Server.Port), mail.WithTimeout(mailPatience), mail.WithTLSPolicy(mail.TLSMandatory)}
	switch {
	case e.Server.Implicit:
		options = append(options, mail.WithSSL())
	case e.Server.Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if e.TLS != nil {
		options = append(options, mail.WithTLSConfig(e.TLS))
	}
	if e.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(e.User), mail.WithPassword(e.Password))
	}
	return options
}

func (e *Email) message(n *Notice) (*mail.Msg, error) {
	message := mail.NewMsg()
	if err := message.From(e.From); err != nil {
		return nil, fmt.Errorf("email needs an address that it is from, such as tollgate@example.com: %w", err)
	}
	if err := message.To(e.To); err != nil {
		return nil, fmt.Errorf("email needs addresses that it goes to, such as oncall@example.com: %w", err)
	}
	message.Subject(n.Subject)
	message.SetDateWithValue(n.At)
	message.SetMessageIDWithValue(n.ID + "@" + n.Gate)
	// No one's absence is answered to the gate (RFC 3834, section 5).
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(mail.TypeTextPlain, n.Text+"\n")
	return message, nil
}
