package gate

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// Rules are what a gate judges by. They never change; other rules can take
// their place as a whole.
type Rules struct {
	Snapshot *policy.Snapshot
	// Deck has what sends cost, nil if none is named.
	Deck *rates.Deck
	// Plan says whose number a number is.
	Plan numbering.Plan
	// InForce reports whether requests may be judged by these rules now. It is nil where
	// they always may; a store of permissions may be missing, or have been away for too
	// long. Then nothing is sent, except calls for help.
	InForce func() bool
}

// areInForce reports whether requests may be judged by the rules now.
func (r *Rules) areInForce() bool { return r.InForce == nil || r.InForce() }

// Gate judges requests to one carrier. It does not change once it is made and
// is safe for concurrent use.
type Gate struct {
	Carrier carrier.Carrier
	// Rules returns the rules in force. A request is judged by those that are in force
	// once all of it has arrived, and by no others.
	Rules func() *Rules
	// Product of requests whose host is not one of the carrier's.
	Product string
	// AnyProduct says that requests go to one place whatever their host says.
	AnyProduct bool
	// Account of requests that name none, and whose credential the policy does not know:
	// its id at the carrier, or the name that the rules in force give it. If both are empty,
	// such requests are refused.
	Account, AccountName string
	// Broker accepts keys of the gate's own in place of the carrier's credentials. It is
	// nil where applications hold the carrier's.
	Broker *Broker
	// IsIssued reports whether a gate with a broker issued the key of that name. Such a
	// key is refused here: the carrier does not know it. It is nil where no key is
	// issued.
	IsIssued func(key string) bool
	// SeesTraffic says that decisions have where the sends go.
	SeesTraffic bool
	// Counters are those of limits. It is nil where there are no limits, whatever is stated.
	Counters Counters
	// Holds are those of limits. It is nil where nothing is held, whatever is stated.
	Holds *limits.Holds
	// Sent are the messages that may be confirmed. It is nil where none is remembered.
	Sent *SentMessages
	// ShownDigits is how many of the last digits of numbers may be shown of what was held.
	ShownDigits int
	// Client is the address of the client of a request, where the caller knows it.
	Client func(*http.Request) string
	// IsAccepted reports whether the carrier has accepted the credential of a request before, and
	// asks no one. Nil takes all for accepted.
	IsAccepted func(*http.Request, *Decision) bool
	// DenyUnknown refuses writes that are in no table of the carrier's operations.
	DenyUnknown bool
	// Now is the clock.
	Now func() time.Time
}

// Judge decides about one request, without bounds for its body.
func (g *Gate) Judge(r *http.Request) *Decision { return g.JudgeHolding(r, new(Holding), nil) }

// JudgeHolding decides about one request. The body of a request that may send is held
// while it is judged and put back on the same request; that of any other request is not
// touched. Offers to upgrade the connection are removed from the header.
//
// What does not depend on the rules is checked first. Rules, keys and the clock are read
// after the client's last byte: the client chooses when that comes. The credential of a request
// that limits count is checked last, by check: nil takes all for accepted.
func (g *Gate) JudgeHolding(r *http.Request, held *Holding, check CheckCredential) *Decision {
	began := time.Now()
	h := headOf(r)
	rec := g.newRecord(&h, held.hasBody(r))
	d, request := &rec.Decision, &rec.request
	op := g.Carrier.Route(request, g.Product)
	d.Operation, d.Account, d.began = op, op.Account, began

	key, reason := g.checkEnvelope(&h, request, d)
	var body []byte
	if reason == "" && op.MaxBody > 0 && !op.Safe {
		waiting := time.Now()
		body, reason = rec.hold(&h, held)
		d.waited = time.Since(waiting)
	}
	if held.stopClock(); held.late {
		reason = carrier.BodyLate
	}
	rules := g.Rules()
	d.Revision = rules.Snapshot.Revision()
	if reason == "" && key != nil && request.HasBody {
		key, reason = g.Broker.admit(g, request, d) // it may have been revoked meanwhile
	}
	var intent carrier.Intent
	if reason == "" {
		reason, intent = g.find(request, body, key, rules, d)
	}
	if reason != "" {
		d.denyMalformed(reason)
		if reason == carrier.UpgradeForbidden {
			d.Rule = requestedProtocol(r)
		}
	} else {
		g.decide(d, rules, r, &intent, check)
		rec.boundCalls(g, rules, body)
		d.denyUnlessInForce(rules)
	}
	if d.Name == "" && (d.malformed || g.Broker != nil) {
		d.Name = rules.Snapshot.OwnName(policy.CarrierAccount{Carrier: g.Carrier.Name(), ID: d.Account})
	}
	// Observing the policy must not give away a credential. What did not arrive cannot be
	// forwarded.
	if d.Outcome == policy.Deny && rules.Snapshot.Observe(g.Now()) && d.Reason != carrier.BodyLate &&
		!(d.malformed && (g.Broker != nil || d.Reason == carrier.KeyInvalid)) {
		d.Outcome = policy.Monitor
	}
	if d.Outcome != policy.Allow && !d.Recorded {
		d.Refusal = g.Carrier.Refuse(request, op, d.denial())
	}
	if d.Outcome != policy.Deny {
		rec.replaceBody(r)
		d.mayPass, d.approved = true, h.fingerprint()
	} else {
		d.GiveBack()
	}
	d.Took = time.Since(began) - d.waited
	return d
}

// checkEnvelope finds why a request is refused whatever its body and the rules say, and
// the key that it presents to a gate with a broker.
func (g *Gate) checkEnvelope(h *head, request *carrier.Request, d *Decision) (key *keys.Key, reason policy.Reason) {
	if g.Broker == nil {
		if g.presentsIssued(h.Header) {
			return nil, carrier.KeyInvalid
		}
	} else {
		if key, reason = g.Broker.admit(g, request, d); reason != "" {
			return nil, reason
		}
		if len(h.Trailer) > 0 {
			// No library sends any, and a server could take one for a header that is
			// refused.
			return nil, carrier.TrailerForbidden
		}
	}
	if reason = checkAny(h); reason != "" {
		return nil, reason
	}
	op := d.Operation
	if !op.HostKnown {
		return nil, carrier.HostUnknown
	}
	if op.Safe && g.Broker == nil {
		return nil, ""
	}
	// A read is as dangerous as a write where its answer could contain a credential.
	if reason = checkWrite(h); reason != "" || op.Safe {
		return key, reason
	}
	if strings.ContainsAny(op.Account, "{}") {
		// A template that the client did not fill in, such as "{AccountSid}". The carrier
		// has no such account either.
		return nil, carrier.PathNotCanonical
	}
	if (op.Kind == carrier.UnknownOperation || op.Undocumented) && g.DenyUnknown {
		return nil, carrier.OperationUnknown
	}
	if op.Kind != carrier.Inert && h.size > maxHead {
		return nil, carrier.HeadTooLarge
	}
	return key, ""
}

// seesURLs reports whether the URLs of a request count by some rules.
func (g *Gate) seesURLs(rules *Rules) bool { return rules.Snapshot.URLsMatter() || g.Broker != nil }

// hold holds a body that is to be judged.
func (rec *record) hold(h *head, held *Holding) ([]byte, policy.Reason) {
	if reason := rec.unreadable(h); reason != "" {
		return nil, reason
	}
	announced := len(h.Trailer)
	body, reason := rec.holdKnown(h, held)
	if reason == "" && len(h.Trailer) > announced {
		// It was not announced, and would be forwarded as if it had been.
		reason = carrier.TrailerForbidden
	}
	return body, reason
}

// unreadable finds why a body that is to be judged cannot be.
func (rec *record) unreadable(h *head) policy.Reason {
	if len(rec.request.RawQuery) > maxQuery {
		return carrier.BodyTooLarge
	}
	if !rec.request.HasBody {
		return ""
	}
	return checkJudged(h)
}

// holdKnown holds a body up to the limit of the operation, and no more than MaxAnonymous of
// one without a credential.
func (rec *record) holdKnown(h *head, held *Holding) ([]byte, policy.Reason) {
	limit := rec.Operation.MaxBody
	if limit <= MaxAnonymous || valueOf(h.authorization) != "" {
		return held.hold(h.Request, limit, &rec.body)
	}
	if h.ContentLength > MaxAnonymous {
		return nil, carrier.CredentialMissing
	}
	body, reason := held.hold(h.Request, MaxAnonymous, &rec.body)
	if reason == carrier.BodyTooLarge {
		reason = carrier.CredentialMissing
	}
	return body, reason
}

// find reads what a request wants, and for which account, or why that cannot be read.
func (g *Gate) find(request *carrier.Request, body []byte, key *keys.Key, rules *Rules, d *Decision) (policy.Reason, carrier.Intent) {
	request.SeesURLs, request.SeesSize = g.seesURLs(rules), g.Counters != nil && rules.Snapshot.SpendMatters()
	if g.Broker == nil {
		return g.read(request, d, body, "")
	}
	reason, intent := g.read(request, d, body, key.Account)
	if reason == "" && !isWithin(key, rules, g.Carrier, d.Operation, &intent) {
		reason = carrier.KeyRestricted
	}
	if !rules.Snapshot.URLsMatter() {
		intent.URLs = nil
	}
	intent.Account, intent.Holder, intent.Credential, intent.Token = key.Account, key.Account, "", ""
	return reason, intent
}

// read reads what a request wants, or why that cannot be read. Where an account is given,
// no parameter may name another.
func (g *Gate) read(request *carrier.Request, d *Decision, body []byte, account string) (policy.Reason, carrier.Intent) {
	var none carrier.Intent
	if account != "" {
		reason, err := g.Broker.Denylist.AccountMismatch(request, body, account)
		if reason != "" {
			d.cause = err
			return reason, none
		}
	}
	if d.Operation.Safe {
		return "", none
	}
	intent, err := g.Carrier.Read(request, d.Operation, body)
	if err != nil {
		d.cause = err
		return reasonOf(err), none
	}
	return "", intent
}

// readErrors are the errors of reading a request that have a reason of their own.
var readErrors = []struct {
	err    error
	reason policy.Reason
}{
	{params.ErrContentType, carrier.ContentTypeDenied},
	{params.ErrTooMany, carrier.BodyTooLarge},
	{carrier.ErrCredential, carrier.CredentialDenied},
	{params.ErrMethodOverride, carrier.MethodOverride},
	{carrier.ErrSigned, carrier.ClientValidation},
}

func reasonOf(err error) policy.Reason {
	for _, row := range readErrors {
		if errors.Is(err, row.err) {
			return row.reason
		}
	}
	return carrier.BodyUndecodable
}

// reader reads addresses as the carrier does, by these rules.
func (rules *Rules) reader(c carrier.Carrier) address.Reader {
	return address.Reader{
		Plan:           rules.Plan,
		Dialect:        c.Dialect(),
		NationalStrict: rules.Snapshot.NationalStrict(),
	}
}

// maxQuery bounds the query of a request that is judged, in bytes.
const maxQuery = 64 << 10

// maxHead bounds target and header together of a request that may be denied, in bytes. A
// proxy in front of the carrier refuses longer ones before the carrier reads the
// credential, which would show whether they are denied. nginx and Apache accept lines of
// 8 KiB by default, and CloudFront a URL of that length; an SDK sends some hundred bytes
// and its credential.
const maxHead = 8 << 10

// ExplainHeader is the name of the header that tells a client which rule refused it, if
// the operator turns that on.
const ExplainHeader = "Tollgate-Rule"
