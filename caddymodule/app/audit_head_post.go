package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

// HeadPost is a server that is given each head: where the gate and who operates it cannot alter
// it.
type HeadPost struct {
	// The URL that heads are sent to, each as the body of a POST.
	URL string `json:"url"`

	// The secret by which the server knows the sender, as of Standard Webhooks: base64, with
	// `whsec_` before it or not. Write a placeholder. Without it, only the head itself is
	// signed.
	Secret string `json:"secret,omitzero"`
}

// postTimeout is how long a server may take to answer.
const postTimeout = 10 * time.Second

// headPost sends heads to a server.
type headPost struct {
	url     string
	webhook *standardwebhooks.Webhook // nil without a secret
	client  http.Client
	// taken is the number of records in the head that the server has taken last.
	taken int64
}

// provision returns what sends heads, nil if that is not stated.
func (p *HeadPost) provision() (*headPost, error) {
	if p == nil {
		return nil, nil
	}
	text, err := placeholder.Replace(p.URL)
	if err != nil {
		return nil, fmt.Errorf("reading post: %w", err)
	}
	to, err := url.Parse(text)
	if err != nil || to.Scheme != "https" && to.Scheme != "http" || to.Host == "" {
		return nil, errors.New("post needs the URL of a server, such as https://auditor.example/heads")
	}
	sends := &headPost{url: text, taken: -1, client: http.Client{
		Timeout: postTimeout,
		// The body would not be sent again.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if p.Secret == "" {
		return sends, nil
	}
	secret, err := placeholder.Replace(p.Secret)
	if err != nil {
		return nil, fmt.Errorf("reading the secret of post: %w", err)
	}
	if sends.webhook, err = standardwebhooks.NewWebhook(strings.TrimSpace(secret)); err != nil {
		return nil, errors.New("the secret of post is not base64: take the one that the server gives you, or that of `openssl rand -base64 32`")
	}
	return sends, nil
}

// send gives the server a head, unless it has it.
func (p *headPost) send(ctx context.Context, signed []byte, head audit.Head, now time.Time) error {
	if head.Size == p.taken {
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(signed))
	if err != nil {
		return fmt.Errorf("sending a head of the audit log: %w", err)
	}
	// The same for the same head, so that a server knows one that comes again.
	id := fmt.Sprintf("head-%d-%x", head.Size, head.Root[:8])
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	request.Header.Set(standardwebhooks.HeaderWebhookID, id)
	request.Header.Set(standardwebhooks.HeaderWebhookTimestamp, fmt.Sprint(now.Unix()))
	if p.webhook != nil {
		signature, err := p.webhook.Sign(id, now, signed)
		if err != nil {
			return fmt.Errorf("signing the request with a head of the audit log: %w", err)
		}
		request.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return fmt.Errorf("sending a head of the audit log: %w", err)
	}
	response.Body.Close() // what else the server says is of no use
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return fmt.Errorf("sending a head of the audit log: %s is answered", response.Status)
	}
	p.taken = head.Size
	return nil
}
