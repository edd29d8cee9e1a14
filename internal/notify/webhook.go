package notify

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// patience is how long a server may take to answer.
const patience = 10 * time.Second

// NewClient returns a client that follows no redirect: it would lead the notice to another
// server, without its body.
func NewClient() *http.Client {
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// CheckURL finds what is wrong with the URL of a webhook: only a server on this machine may be
// without TLS.
func CheckURL(text string) (*url.URL, error) {
	to, err := url.Parse(text)
	switch {
	case err != nil || to.Hostname() == "" || to.Scheme != "https" && to.Scheme != "http":
		return nil, errors.New("a webhook needs the URL of a server, such as https://alerts.example/tollgate")
	case to.User != nil:
		return nil, errors.New("the URL of a webhook has a user: a signature says who sends, state a secret")
	case to.Scheme == "http" && !isLoopback(to.Hostname()):
		return nil, fmt.Errorf("the webhook at %s is without TLS: write https", to.Host)
	}
	return to, nil
}

// Signer signs the body of a webhook.
type Signer = standardwebhooks.Webhook

// leastSecret is how short a secret may be, in bytes: "between 24 bytes (192 bits) and 64 bytes",
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
const leastSecret = 24

// NewSigner reads a secret: base64, with "whsec_" before it or not.
func NewSigner(secret string) (*Signer, error) {
	text := strings.TrimPrefix(secret, "whsec_")
	signer, err := standardwebhooks.NewWebhook(text)
	if key, _ := base64.StdEncoding.DecodeString(text); err != nil || len(key) < leastSecret {
		return nil, fmt.Errorf("a secret of a webhook is not base64 of at least %d bytes: take the one that the server gives you, or that of `openssl rand -base64 32`", leastSecret)
	}
	return signer, nil
}

// Webhook gives notices to a server over HTTP.
type Webhook struct {
	URL    string
	Client *http.Client
	// Signers sign each body. While a secret is replaced there are two.
	Signers []*Signer
}

// Deliver implements Receiver.
func (w *Webhook) Deliver(ctx context.Context, n *Notice) error {
	now := time.Now()
	header := http.Header{}
	header.Set(standardwebhooks.HeaderWebhookID, n.ID)
	header.Set(standardwebhooks.HeaderWebhookTimestamp, fmt.Sprint(now.Unix()))
	signatures := make([]string, len(w.Signers))
	for i, signer := range w.Signers {
		signature, err := signer.Sign(n.ID, now, n.Body)
		if err != nil {
			return fmt.Errorf("signing the notice: %w", err)
		}
		signatures[i] = signature
	}
	header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return post(ctx, w.Client, w.URL, header, n.Body)
}

// Slack writes notices into a channel of Slack
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
type Slack struct {
	// URL is a secret: who has it can write into the channel.
	URL    string
	Client *http.Client
}

// slackText escapes what Slack would read as its markup
// (https://docs.slack.dev/messaging/formatting-message-text#escaping).
var slackText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Deliver implements Receiver.
func (s *Slack) Deliver(ctx context.Context, n *Notice) error {
	body, err := json.Marshal(map[string]string{"text": slackText.Replace(n.Text)})
	if err != nil {
		return fmt.Errorf("writing the notice: %w", err)
	}
	return post(ctx, s.Client, s.URL, http.Header{}, body)
}

// post sends a body of JSON. No error has the URL, which may be a secret.
func post(ctx context.Context, client *http.Client, to string, header http.Header, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return errors.New("sending the notice: its URL cannot be read")
	}
	request.Header = header
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if failure := (*url.Error)(nil); errors.As(err, &failure) {
		err = failure.Err
	}
	if err != nil {
		return fmt.Errorf("sending the notice: %w", err)
	}
	defer response.Body.Close()
	// What else it says is read so that the connection can be used again.
	_, _ = io.CopyN(io.Discard, response.Body, 4096)
	return outcome(response)
}

// outcome is what the status of an answer says, as of Standard Webhooks: nil of a success.
func outcome(response *http.Response) error {
	switch status := response.StatusCode; {
	case status >= 200 && status <= 299:
		return nil
	case status == http.StatusGone:
		return fmt.Errorf("sending the notice: %w: %s is answered", ErrUnwanted, response.Status)
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return &Busy{fmt.Errorf("sending the notice: %s is answered", response.Status), retryAfter(response.Header.Get("Retry-After"))}
	case status >= 400 && status <= 499 && status != http.StatusRequestTimeout && status != http.StatusTooEarly:
		return fmt.Errorf("sending the notice: %w: %s is answered", ErrRefused, response.Status)
	default:
		return fmt.Errorf("sending the notice: %s is answered", response.Status)
	}
}

// retryAfter is how long a header says to wait (RFC 9110, section 10.2.3), and 0 where it does not.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 16); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return time.Until(at)
}
