package handler

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/api/twilio"
	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/denials"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// PermissionsAPI says whether the gate answers the carrier's own permission resources by its
// permissions, in place of the carrier.
type PermissionsAPI struct {
	// What clients may do: `read`, `write` or `off`. Default: `read`, and `off` where the gate
	// cannot check credentials.
	Mode string `json:"mode,omitempty"`

	// The credentials that may write, as policies name them: accounts, API keys, OAuth
	// clients. Default: all that the carrier accepts.
	Credentials []string `json:"credentials,omitempty"`
}

// The modes of PermissionsAPI.
const (
	permissionsRead  = "read"
	permissionsWrite = "write"
	permissionsOff   = "off"
)

var permissionModes = []string{permissionsRead, permissionsWrite, permissionsOff}

// permissionsAPI answers the carrier's permission resources. It is nil where it does not.
type permissionsAPI struct {
	reader      carrier.PermissionResources
	writes      bool
	credentials []string // that may write; nil if all may
}

// provision sets up what answers.
func (p *PermissionsAPI) provision(h *Handler) (*permissionsAPI, error) {
	if p != nil && p.Mode != "" && !slices.Contains(permissionModes, p.Mode) {
		return nil, fmt.Errorf("permissions_api: unknown mode %q%s", p.Mode, config.DidYouMean(p.Mode, permissionModes))
	}
	if p != nil && p.Mode == permissionsOff {
		return nil, nil
	}
	reader, ok := h.gate.Carrier.(carrier.PermissionResources)
	var problem error
	switch {
	case !ok:
		problem = fmt.Errorf("carrier %s has no permission resources that the gate answers", h.gate.Carrier.Name())
	case h.Broker:
		problem = errors.New("keys that the gate issues change nothing: use a gate without broker")
	case h.disclosure == nil:
		problem = errors.New("credential_check is off: the gate could not tell who asks")
	}
	switch {
	case problem != nil && p == nil:
		return nil, nil
	case problem != nil:
		return nil, fmt.Errorf("permissions_api: %w", problem)
	case p == nil:
		return &permissionsAPI{reader: reader}, nil
	}
	api := &permissionsAPI{reader: reader, writes: p.Mode == permissionsWrite}
	if len(p.Credentials) > 0 && !api.writes {
		return nil, errors.New("permissions_api: credentials are those that may write: add write, or leave them out")
	}
	ids := h.gate.Carrier.Identifiers()
	for _, name := range p.Credentials {
		id, ok := canonicalCredential(ids, name)
		if !ok {
			return nil, fmt.Errorf("permissions_api: %q is not the name of a credential: write an account, an API key or an OAuth client", name)
		}
		api.credentials = append(api.credentials, id)
	}
	return api, nil
}

func canonicalCredential(ids policy.Identifiers, name string) (string, bool) {
	for _, kind := range []policy.IdentifierKind{policy.AccountID, policy.KeyID, policy.ClientID} {
		if id, ok := ids.Canonical(kind, name); ok {
			return id, true
		}
	}
	return "", false
}

// mayWrite reports whether a credential may change permissions.
func (p *permissionsAPI) mayWrite(name string) bool {
	return p.writes && (p.credentials == nil || slices.Contains(p.credentials, name))
}

// answers reports whether the gate answers a request itself. One that it refuses for its form, or
// since there is no policy, it does not. Where changes are not a choice, one is for the guard over
// the carrier's protection, which lets some pass to the carrier.
func (p *permissionsAPI) answers(r *http.Request, d *gate.Decision) bool {
	if p == nil || d.Malformed() || !d.Operation.HostKnown {
		return false
	}
	writes, ok := twilio.Has(d.Operation.Product, r.Method, r.URL)
	return ok && (p.writes || !writes)
}

const (
	// maxResourceBody bounds the body of a change, in bytes: Twilio's list of countries, written
	// back in one update as it was read, has about 160 KiB.
	maxResourceBody = 256 << 10
	// resourceBodyTimeout bounds how long it may take to arrive.
	resourceBodyTimeout = 10 * time.Second
)

// servePermissions answers one of the carrier's permission resources. What the carrier has records
// of too it leaves to the carrier where the gate has none: then nothing is recorded, and the
// request goes on like any other.
func (h *Handler) servePermissions(w http.ResponseWriter, r *http.Request, d *gate.Decision, next caddyhttp.Handler) (answered bool, err error) {
	subject, reason := h.gate.Identify(r, h.permissions.reader, d)
	switch {
	case reason == carrier.PolicyUnavailable:
		return true, h.refuseResource(w, r, d, reason, nil)
	case twilio.IsShared(d.Operation.Product) && (reason != "" || h.app.Permissions() == nil):
		return false, nil
	case reason != "":
		d.Covered = false
	}
	began := time.Now()
	authentication, rejection := h.disclosure.Authenticate(r, d, next)
	switch {
	case authentication == denials.Unavailable:
		return true, h.refuseResource(w, r, d, carrier.PolicyUnavailable, &rejection)
	case authentication != denials.Authenticated || subject == nil:
		h.recordAnswer(r, d, carrier.CredentialDenied, &rejection)
		if rejection.Waits {
			h.disclosure.Wait(r.Context(), began, d.Operation.CheckedAs)
		}
		return true, h.disclosure.Write(w, r, d, &rejection)
	}
	answer, reason := h.answerResource(w, r, d)
	switch writes, _ := twilio.Has(d.Operation.Product, r.Method, r.URL); {
	case reason != "":
		return true, h.refuseResource(w, r, d, reason, &rejection)
	case answer.FromCarrier:
		return false, nil
	case writes && answer.Status >= http.StatusBadRequest:
		reason = carrier.PermissionUnchanged
	}
	h.recordAnswer(r, d, reason, &rejection)
	if len(answer.Body) > 0 {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body) // a client that is gone by now is not our error
	return true, nil
}

// answerResource answers a request whose credential the carrier accepts, or says why not.
func (h *Handler) answerResource(w http.ResponseWriter, r *http.Request, d *gate.Decision) (twilio.Answer, policy.Reason) {
	form, reason := readForm(w, r)
	if reason != "" {
		return twilio.Answer{}, reason
	}
	// The carrier's answer takes its time: the policy may be another by now, which suspends the
	// account, closes what it inherits, or gives its key to another.
	account := d.Account
	subject, reason := h.gate.Identify(r, h.permissions.reader, d)
	if reason != "" || d.Account != account {
		return twilio.Answer{}, carrier.CredentialDenied
	}
	// What does not decode may be the account that is meant.
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return twilio.Answer{}, carrier.BodyUndecodable
	}
	if named, ok := twilio.NamedAccount(query, form); ok {
		subject = h.gate.Subaccount(d, named)
	}
	request, err := h.resourceRequest(r, d, subject)
	if err != nil {
		return twilio.Answer{}, carrier.CredentialDenied
	}
	request.Query, request.Form = query, form
	resources := twilio.Resources{Service: h.app.Permissions()}
	return resources.Answer(r.Context(), d.Operation.Product, request), ""
}

// recordAnswer records a request that is answered here. It may be lost to the audit log: it sends
// nothing.
func (h *Handler) recordAnswer(r *http.Request, d *gate.Decision, refused policy.Reason, rejection *denials.Answer) {
	d.AnsweredHere(refused)
	_ = h.record(r, d, rejection)
}

// resourceRequest is a request for a resource by a credential that the carrier accepts, about an
// account, nil if it may not know of that. One of an account that is suspended changes nothing.
func (h *Handler) resourceRequest(r *http.Request, d *gate.Decision, subject *policy.Subject) (*twilio.Request, error) {
	if subject == nil {
		return &twilio.Request{Method: r.Method, Path: r.URL.EscapedPath()}, nil
	}
	account := permissions.EditedAccount{ID: subject.Account(), At: policy.CarrierAccount{Carrier: h.gate.Carrier.Name(), ID: subject.Account()}}
	if subject.IsStated() {
		account.ID = subject.StatedAccount()
	}
	credential := cmp.Or(d.Key, d.Account)
	identity, err := access.NewIdentity(access.CarrierCredential, credential)
	if err != nil {
		return nil, err
	}
	return &twilio.Request{
		Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Base: h.links.BaseOf(r),
		Subject: subject, Account: account, MayWrite: h.permissions.mayWrite(credential) && !subject.IsSuspended(time.Now()),
		Caller: permissions.Caller{
			Principal: access.Principal{Identity: identity, Role: access.Admin, Accounts: []string{account.ID}, Person: identity.String()},
			Address:   app.ClientAddress(r), Through: "twilio",
		},
	}, nil
}

// refuseResource answers for a reason in the carrier's words.
func (h *Handler) refuseResource(w http.ResponseWriter, r *http.Request, d *gate.Decision, reason policy.Reason, rejection *denials.Answer) error {
	h.recordAnswer(r, d, reason, rejection)
	envelope := carrier.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Header: r.Header}
	return carriers.WriteRefusal(w, h.gate.Carrier.Refuse(&envelope, d.Operation, carrier.Denial{Reason: reason}))
}

// formType is how Twilio takes parameters (https://www.twilio.com/docs/errors/19056). It takes
// multipart forms besides, which none of its libraries send to these resources.
const formType = "application/x-www-form-urlencoded"

// readForm reads the parameters of a change, or says why they are not a form. The client is known
// by then.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, policy.Reason) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil, ""
	}
	// A writer that has no deadlines is one of a test.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(resourceBodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxResourceBody))
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	if err != nil {
		return nil, carrier.BodyUndecodable
	}
	if stated, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); len(body) > 0 && (err != nil || stated != formType) {
		return nil, carrier.ContentTypeDenied
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, carrier.BodyUndecodable
	}
	return form, ""
}
