package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of what is asked of the API.
const (
	// maxRequests bounds the requests of a client: a list whose pages never end is an error.
	maxRequests = 500
	// maxAnswer bounds an answer, in bytes. The longest, a page of all countries, has about 100 KB.
	maxAnswer = 8 << 20
	// attempts is how often a request is sent that the API is too busy for.
	attempts = 5
	// longestPause bounds how long the API may ask to wait, and attemptTimeout how long one
	// attempt takes.
	longestPause   = 30 * time.Second
	attemptTimeout = 30 * time.Second
)

// Refusal is an answer of the API that is an error.
type Refusal struct {
	Status, Code int
	Message      string
	// Host and Path are what was asked.
	Host, Path string
}

// Error says what was answered, by whom.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("%s answers %d", r.Host+r.Path, r.Status)
	if r.Code != 0 {
		text += fmt.Sprintf(", error %d", r.Code)
	}
	if r.Message != "" {
		text += ": " + r.Message
	}
	return text
}

// transport sends the requests of the library, which itself has neither a context nor bounds,
// takes a redirect for an answer, and loses the status of an error that is not JSON.
type transport struct {
	ctx context.Context
	// next sends a request.
	next http.RoundTripper
	// api takes the place of scheme and host; nil is Twilio.
	api *url.URL
	// pause is how long to wait before a second attempt; it doubles with each.
	pause time.Duration
	// secrets are in no error: the secret, and the credentials as the header has them.
	secrets []string

	sent int
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	// The library follows links of answers to any host, with the credentials.
	if t.api == nil && !isTwilio(request.URL) {
		return nil, fmt.Errorf("an answer leads to %s, which is not Twilio's", request.URL.Host)
	}
	pause := t.pause
	for attempt := 1; ; attempt++ {
		if t.sent++; t.sent > maxRequests {
			return nil, fmt.Errorf("the API needs more than %d requests: its list does not end", maxRequests)
		}
		response, err := t.send(request)
		if err != nil {
			return nil, err
		}
		busy := response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError
		switch {
		case response.StatusCode < http.StatusMultipleChoices:
			return response, nil
		case !busy || attempt == attempts:
			return nil, t.refusalOf(request, response)
		}
		asked := pause
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds >= 0 {
			asked = min(max(asked, time.Duration(seconds)*time.Second), longestPause)
		}
		if err := wait(t.ctx, asked); err != nil {
			return nil, err
		}
		pause *= 2
	}
}

// wait waits, unless a context ends.
func wait(ctx context.Context, pause time.Duration) error {
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// isTwilio reports whether a URL is one of Twilio's API.
func isTwilio(u *url.URL) bool {
	return u.Scheme == "https" && strings.HasSuffix(u.Host, ".twilio.com")
}

// send sends a request once, and reads all of the answer.
func (t *transport) send(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(t.ctx, attemptTimeout)
	defer cancel()
	attempt := request.Clone(ctx)
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return nil, fmt.Errorf("reading the request again: %w", err)
		}
		attempt.Body = body
	}
	if t.api != nil {
		attempt.Host = request.URL.Host
		attempt.URL.Scheme, attempt.URL.Host = t.api.Scheme, t.api.Host
		attempt.URL.Path = strings.TrimSuffix(t.api.Path, "/") + attempt.URL.Path
		attempt.URL.RawPath = ""
	}
	response, err := t.next.RoundTrip(attempt)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the answer: %w", err)
	case len(text) > maxAnswer:
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	response.Body = io.NopCloser(bytes.NewReader(text))
	return response, nil
}

// refusalOf reads an error.
func (t *transport) refusalOf(request *http.Request, response *http.Response) error {
	r := &Refusal{Status: response.StatusCode, Host: request.URL.Host, Path: request.URL.Path}
	var body struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if text, err := io.ReadAll(response.Body); err == nil && json.Unmarshal(text, &body) == nil {
		r.Code, r.Message = body.Code, body.Message
		for _, secret := range t.secrets {
			r.Message = strings.ReplaceAll(r.Message, secret, "…")
		}
	}
	return r
}
