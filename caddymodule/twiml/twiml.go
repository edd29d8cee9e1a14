package twiml

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/linkrewrite"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	caddy.RegisterModule(TwiML{})
}

// TwiML judges what your own web server answers when Twilio asks it what to do with a
// call or a message. It belongs in front of that server. A call or message that the
// policy of the `tollgate` app does not allow is removed from the answer; an answer
// without one passes as it came, byte for byte.
//
// The account is that of Twilio's own request: every `AccountSid` in it must be the
// same one, or all that the answer would send is denied.
//
// The access log gets an object `tollgate` for every answer in which there was
// something to judge.
type TwiML struct {
	// What replaces a call or message that is denied. By default it is removed, and
	// Twilio goes on with what follows.
	Denied Denied `json:"denied,omitzero"`

	// The auth tokens by which Twilio signs its requests, as `{env.*}` or `{file.*}`:
	// those of all accounts that use the server, and both of an account whose token is
	// being changed. A request that none of them signed is answered 403. Without any,
	// and without shared keys, signatures are not checked.
	AuthTokens []string `json:"auth_tokens,omitempty"`

	// The shared keys by which Twilio signs the requests that a webhook rule matches. Such
	// a request is checked with the shared key that it names alone, and any other
	// request with the auth tokens alone.
	SharedKeys []SharedKey `json:"shared_keys,omitempty"`

	// The beginning of the URLs that Twilio requests, such as
	// `https://hooks.example.com`, if requests arrive here with another one: behind
	// another proxy. The path is appended to it.
	PublicURL string `json:"public_url,omitempty"`

	// The most that is read of an answer, in bytes. A longer one is denied. Default,
	// and the most there can be: 65536, as much as Twilio reads.
	MaxSize int `json:"max_size,omitempty"`

	// How destinations are written in the access log: the mode `last4` (the
	// default), `none`, or `hmac` with a secret.
	Mask telemetry.Mask `json:"mask,omitzero"`

	app       *app.App
	judge     webhook.Judge
	keys      webhook.SigningKeys
	publicURL string
	mask      telemetry.Masker
	recorder  telemetry.Recorder
	announcer telemetry.Announcer
}

// SharedKey is a key that you create at Twilio to sign webhooks.
type SharedKey struct {
	// The id of the key at Twilio: `webhooks_sharedkey_…`.
	ID string `json:"id"`
	// Its secret, as `{env.*}` or `{file.*}`.
	Secret string `json:"secret"`
}

// Denied says what replaces a call or message that is denied.
type Denied struct {
	// `remove` removes it, and Twilio goes on with what follows, as it does itself with a
	// call that it does not permit. `reject` does not pick up a call that is still
	// ringing, and hangs up one that is not. `say` says a text to the caller. `redirect`
	// goes on with the instructions at an address. Messages know no `reject` and no
	// `say`: there it is taken out. Default: `remove`.
	Mode string `json:"mode,omitempty"`
	// The text of `say`.
	Say string `json:"say,omitempty"`
	// The address of `redirect`.
	Redirect string `json:"redirect,omitempty"`
}

// CaddyModule returns the Caddy module information.
func (TwiML) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.tollgate_twiml",
		New: func() caddy.Module { return new(TwiML) },
	}
}

// Provision sets up the handler.
func (h *TwiML) Provision(ctx caddy.Context) error {
	a, err := app.Of(ctx)
	if errors.Is(err, caddy.ErrNotConfigured) {
		return errors.New("the tollgate_twiml handler needs a policy: add a global tollgate block")
	}
	if err != nil {
		return err
	}
	h.app = a
	asking, err := carriers.Named("twilio")
	if err != nil {
		return err
	}
	if h.mask, err = h.Mask.Provision(); err != nil {
		return fmt.Errorf("setting up the mask: %w", err)
	}
	h.judge = webhook.Judge{
		Gate: &gate.Gate{
			Carrier: asking, Rules: a.Rules, Counters: a.LimitCounters(), Holds: a.Holds(),
			ShownDigits: h.mask.LastDigits(), Now: time.Now,
		},
		MaxSize: h.MaxSize,
	}
	if h.MaxSize == 0 {
		h.judge.MaxSize = webhook.MaxDocument
	}
	if h.judge.Denied, err = h.Denied.provision(); err != nil {
		return err
	}
	if h.keys, err = readSigningKeys(h.AuthTokens, h.SharedKeys); err != nil {
		return err
	}
	if h.publicURL, err = caddy.NewReplacer().ReplaceOrErr(h.PublicURL, true, true); err != nil {
		return fmt.Errorf("resolving public_url: %w", err)
	}
	h.publicURL = strings.TrimRight(h.publicURL, "/")
	if h.publicURL != "" && checkPublicURL(h.publicURL) != nil {
		return fmt.Errorf("public_url %q %w", h.PublicURL, linkrewrite.ErrBase) // as it was stated
	}
	h.recorder = a.Recorder()
	if h.announcer, err = telemetry.NewAnnouncer(ctx); err != nil {
		return err
	}
	return nil
}

// Validate checks the handler's own settings.
func (h *TwiML) Validate() error {
	if h.MaxSize < 0 || h.MaxSize > webhook.MaxDocument {
		return fmt.Errorf("max_size is %d: Twilio reads no more than %d bytes of TwiML", h.MaxSize, webhook.MaxDocument)
	}
	return nil
}

// ServeHTTP forwards a request to the web server behind the handler, and judges its
// answer.
func (h *TwiML) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	address := h.address(r)
	held := h.app.Hold(w)
	defer held.Release()
	body, unread := held.Hold(r, webhook.MaxRequest)
	if status := unheldStatus(unread); status != 0 {
		return h.refuseUnheld(w, r, &held, unread, status)
	}
	request := webhook.ReadRequest(address, r.URL.RawQuery, r.Header.Get("Content-Type"), body, unread)
	if reason, cause := h.checkSignature(r, address, body, unread); reason != "" {
		d := h.judge.Request(request, reason)
		d.Rule = cause
		unlogged := h.record(r, d)
		if d.Outcome != policy.Deny && unlogged != nil {
			http.Error(w, "the request cannot be logged", http.StatusServiceUnavailable)
			return nil
		}
		if d.Outcome == policy.Deny {
			http.Error(w, "the request is not signed by Twilio for this address", http.StatusForbidden)
			return nil
		}
	} else if h.checksSignatures() && request.Unidentified == "" {
		request.Signed = true
		h.judge.Gate.EndDialled(request.Account, request.DialEnded)
		h.judge.Gate.EndCall(request.Account, request.EndedCall)
	}
	askForAll(r.Header)

	var passed *gate.Decision
	writer := &answerWriter{
		writer:     w,
		limit:      h.judge.MaxSize,
		mayBeMedia: !request.OfMessage && !request.OfTask,
		isHead:     r.Method == http.MethodHead,
		judge: func(a *webhook.Answer) *webhook.Result {
			result := h.judge.Answer(request, a)
			if r.Context().Err() != nil {
				result.Decision.GiveBack() // no one is left who gets the answer
			}
			if !result.Decision.Judged() {
				if result.Decision.TimeLimit > 0 {
					telemetry.RecordUnjudged(r, result.Decision)
				}
				return result
			}
			if h.record(r, result.Decision) == nil {
				passed = result.Decision
				return result
			}
			result.Decision.GiveBack()
			// A denied answer is replaced, too: the rest of it would pass.
			return &webhook.Result{Decision: result.Decision, Body: []byte(unloggedDocument), Whole: true, Unlogged: true}
		},
	}
	// Twilio has the answer by then, or what is left of it; after a panic, too.
	defer func() {
		if passed != nil {
			h.tell(request, passed)
		}
	}()
	return writer.serve(r, next)
}

// unheldStatus is what is answered to a request whose body could not be held, through
// no fault of what it says; 0 for any other.
func unheldStatus(reason policy.Reason) int {
	switch reason {
	case carrier.BodyLate:
		return http.StatusRequestTimeout
	case carrier.MemoryFull:
		return http.StatusServiceUnavailable
	}
	return 0
}

// refuseUnheld answers a request whose body could not be held, and so not be read.
func (h *TwiML) refuseUnheld(w http.ResponseWriter, r *http.Request, held *gate.Holding, reason policy.Reason, status int) error {
	if reason == carrier.MemoryFull {
		h.app.LogFull()
	}
	d := h.judge.Request(new(webhook.Request), reason)
	d.Outcome = policy.Deny // under observe as well: it cannot be forwarded, or not be judged
	h.record(r, d)
	held.Abandon(r, true)
	http.Error(w, "the body of the request could not be held", status)
	return nil
}

// unloggedDocument replaces an answer that must not pass unlogged. Its status is 503:
// Twilio requests the fallback URL, if there is one.
const unloggedDocument = `<?xml version="1.0" encoding="UTF-8"?><Response/>`

// record writes a decision into the logs, the metrics and the events.
func (h *TwiML) record(r *http.Request, d *gate.Decision) error {
	return telemetry.Record(r, h.judge.Gate.Carrier.Name(), telemetry.LoggedDecision{Decision: d, Mask: h.mask}, h.recorder, &h.announcer)
}

// tell has those told that what an answer sends has reached, or was over. What is not known to be
// signed opens no incident: any client could ring.
func (h *TwiML) tell(r *webhook.Request, d *gate.Decision) {
	carrier := h.judge.Gate.Carrier.Name()
	if r.Signed {
		h.app.SawDenial(carrier, d, h.mask)
	}
	h.app.SawThresholds(carrier, d, h.mask)
}

// checkSignature returns why a request is not Twilio's, if signatures are checked, and
// the cause for the log.
func (h *TwiML) checkSignature(r *http.Request, address string, body []byte, unread policy.Reason) (reason policy.Reason, cause string) {
	switch {
	case !h.checksSignatures():
		return "", ""
	case unread != "":
		return webhook.SignatureInvalid, "the body could not be read: " + string(unread)
	}
	return h.keys.Check(r.Header, address, body)
}

// checksSignatures reports whether only what Twilio has signed passes.
func (h *TwiML) checksSignatures() bool { return len(h.keys.AuthTokens)+len(h.keys.SharedKeys) > 0 }

// address is the one that Twilio requested, before anything on this server changed it.
func (h *TwiML) address(r *http.Request) string {
	target := r.RequestURI
	if original, ok := r.Context().Value(caddyhttp.OriginalRequestCtxKey).(http.Request); ok {
		target = original.RequestURI
	}
	if !strings.HasPrefix(target, "/") {
		target = r.URL.RequestURI()
	}
	if h.publicURL != "" {
		return h.publicURL + target
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + target
}

// askForAll makes a request one for the whole answer as it is: what is left out,
// because Twilio has it in its cache, or encoded, could not be judged.
func askForAll(header http.Header) {
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "If-Range", "Range"} {
		header.Del(name)
	}
	header.Set("Accept-Encoding", "identity")
}

// Interface guards
var (
	_ caddy.Provisioner           = (*TwiML)(nil)
	_ caddy.Validator             = (*TwiML)(nil)
	_ caddyhttp.MiddlewareHandler = (*TwiML)(nil)
)
