package app

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
)

// Notices are who is told of incidents.
type Notices struct {
	// When an incident is over.
	Incidents *Incidents `json:"incidents,omitempty"`

	// Servers that are told of incidents over HTTP.
	Webhooks []Webhook `json:"webhooks,omitempty"`

	// Whom incidents are told by e-mail.
	Email *Email `json:"email,omitempty"`
}

// Incidents is when an incident is over.
type Incidents struct {
	// How long an incident has no denial until it is over: a duration. Default: `15m`.
	Quiet string `json:"quiet,omitzero"`
}

// Webhook is a server that is told of incidents over HTTP.
type Webhook struct {
	// The URL that each notice is sent to, as the body of a POST. Only a server on this
	// machine may be without TLS. That of Slack is a secret: write a placeholder.
	URL string `json:"url"`

	// `standard` sends JSON that is signed as of Standard Webhooks, `slack` a text for a
	// channel of Slack. Default: `standard`.
	Format string `json:"format,omitzero"`

	// The secrets of `standard`, as `{env.*}` or `{file.*}`: base64, with `whsec_` before it
	// or not. While one is replaced by another there are two.
	Secrets []string `json:"secrets,omitempty"`

	// The events that are sent: `incident.opened`, `incident.closed`, `threshold.reached`. Default: all.
	Events []string `json:"events,omitempty"`
}

// Email is whom incidents are told by e-mail.
type Email struct {
	// The addresses that each notice goes to.
	To []string `json:"to"`

	// The address that it is from.
	From string `json:"from"`

	// The URL of the server that takes it: `smtp://mail.example:587` with STARTTLS, or
	// `smtps://mail.example` with TLS from the beginning.
	Server string `json:"server"`

	// `mandatory` sends nothing without TLS, `none` is for a server on this machine.
	// Default: `mandatory`.
	TLS string `json:"tls,omitzero"`

	// The user that the server knows, if it asks for one, and the password, as `{env.*}` or
	// `{file.*}`.
	User     string `json:"user,omitzero"`
	Password string `json:"password,omitzero"`

	// The events that are sent: `incident.opened`, `incident.closed`, `threshold.reached`. Default: all.
	Events []string `json:"events,omitempty"`
}

// The formats of a webhook, and whether e-mail needs TLS, the default first.
var (
	webhookFormats = []string{"standard", "slack"}
	tlsModes       = []string{"mandatory", "none"}
)

// shortestQuiet keeps an attack from being told again and again.
const shortestQuiet = time.Second

// quiet is how long an incident has no denial until it closes.
func (i *Incidents) quiet() (time.Duration, error) {
	if i == nil || i.Quiet == "" {
		return incident.DefaultQuiet, nil
	}
	quiet, err := caddy.ParseDuration(i.Quiet)
	if err != nil || quiet < shortestQuiet {
		return 0, fmt.Errorf("an incident cannot be quiet for %q: write a duration of at least %s, such as 15m", i.Quiet, shortestQuiet)
	}
	return quiet, nil
}

// checkWord finds a word that is not among those that an option can have. The first one is the
// default.
func checkWord(what, word string, words []string) error {
	if word != "" && !slices.Contains(words, word) {
		return fmt.Errorf("unknown %s %q%s", what, word, config.DidYouMean(word, words))
	}
	return nil
}

func checkEvents(events []string) error {
	for i, event := range events {
		if err := checkWord("event", event, incident.Kinds); err != nil {
			return err
		}
		if slices.Contains(events[:i], event) {
			return fmt.Errorf("event %s is already specified", event)
		}
	}
	return nil
}

// check finds mistakes that show before placeholders are replaced.
func (w *Webhook) check() error {
	if err := errors.Join(checkWord("format of a webhook", w.Format, webhookFormats), checkEvents(w.Events)); err != nil {
		return err
	}
	switch {
	case w.Format == "slack" && len(w.Secrets) > 0:
		return errors.New("a webhook of Slack has no secret besides its URL: leave secret out")
	case w.Format != "slack" && len(w.Secrets) == 0:
		return errors.New("a webhook needs a secret, by which the server knows the sender: write secret {env.TOLLGATE_WEBHOOK_SECRET}")
	}
	for _, secret := range w.Secrets {
		if !placeholder.Is(secret) {
			return errors.New("the secret of a webhook must be {env.*} or {file.*}: do not write a secret into a configuration")
		}
	}
	if placeholder.Holds(w.URL) {
		return nil
	}
	_, err := notify.CheckURL(w.URL)
	return err
}

// provision returns the target of a webhook.
func (w *Webhook) provision() (target notify.Target, err error) {
	if err := w.check(); err != nil {
		return target, err
	}
	text, err := placeholder.Replace(w.URL)
	if err != nil {
		return target, fmt.Errorf("reading the URL of a webhook: %w", err)
	}
	text = strings.TrimSpace(text)
	to, err := notify.CheckURL(text)
	if err != nil {
		return target, err
	}
	if w.Format == "slack" {
		return notify.Target{
			Receiver: &notify.Slack{URL: text, Client: notify.NewClient()},
			Key:      "slack " + text, Way: notify.BySlack, Name: "slack " + to.Host, Events: w.Events,
		}, nil
	}
	hook := &notify.Webhook{URL: text, Client: notify.NewClient()}
	if hook.Signers, err = w.signers(to); err != nil {
		return target, err
	}
	return notify.Target{Receiver: hook, Key: "webhook " + text, Way: notify.ByWebhook, Name: "webhook " + to.Host, Events: w.Events}, nil
}

func (w *Webhook) signers(to *url.URL) (signers []*notify.Signer, err error) {
	for _, stated := range w.Secrets {
		secret, err := placeholder.Replace(stated)
		if err != nil {
			return nil, fmt.Errorf("reading the secret of the webhook at %s: %w", to.Host, err)
		}
		signer, err := notify.NewSigner(strings.TrimSpace(secret))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", stated, err)
		}
		signers = append(signers, signer)
	}
	return signers, nil
}

// check finds mistakes that show before placeholders are replaced.
func (e *Email) check() error {
	if err := errors.Join(checkWord("tls of email", e.TLS, tlsModes), checkEvents(e.Events)); err != nil {
		return err
	}
	switch {
	case len(e.To) == 0:
		return errors.New("email needs addresses that it goes to: write to oncall@example.com")
	case (e.User == "") != (e.Password == ""):
		return errors.New("email has one half of a login: state the user and the password, or neither")
	case e.Password != "" && !placeholder.Is(e.Password):
		return errors.New("the password of email must be {env.*} or {file.*}: do not write a secret into a configuration")
	}
	return nil
}

// provision returns the targets of e-mail, one for each address.
func (e *Email) provision() (targets []notify.Target, err error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	var sends notify.Email
	var server string
	values := map[*string]string{&sends.From: e.From, &server: e.Server, &sends.User: e.User, &sends.Password: e.Password}
	to := make([]string, len(e.To))
	for i := range e.To {
		values[&to[i]] = e.To[i]
	}
	for value, stated := range values {
		text, err := placeholder.Replace(stated)
		if err != nil {
			return nil, fmt.Errorf("reading email: %w", err)
		}
		*value = strings.TrimSpace(text)
	}
	if sends.Server, err = notify.ReadMailServer(server, e.TLS == "none"); err != nil {
		return nil, err
	}
	for i, address := range to {
		if slices.Contains(to[:i], address) {
			return nil, fmt.Errorf("email to %s is already specified", e.To[i])
		}
		one := sends
		one.To = address
		if err := one.Check(); err != nil {
			return nil, err
		}
		targets = append(targets, notify.Target{
			Receiver: &one, Key: "email " + address, Way: notify.ByEmail, Name: "email " + one.Server.Address() + " to " + e.To[i], Events: e.Events,
		})
	}
	return targets, nil
}

// provision returns who is told, and how long an incident is quiet until it closes.
func (n *Notices) provision() (targets []notify.Target, quiet time.Duration, err error) {
	if quiet, err = n.Incidents.quiet(); err != nil {
		return nil, 0, err
	}
	for i := range n.Webhooks {
		target, err := n.Webhooks[i].provision()
		if err != nil {
			return nil, 0, err
		}
		if slices.ContainsFunc(targets, func(other notify.Target) bool { return other.Key == target.Key }) {
			return nil, 0, fmt.Errorf("%s is already specified: a second webhook needs another URL", target.Name)
		}
		targets = append(targets, target)
	}
	if n.Email != nil {
		addresses, err := n.Email.provision()
		if err != nil {
			return nil, 0, err
		}
		targets = append(targets, addresses...)
	}
	return targets, quiet, nil
}
