package gate

import (
	"errors"
	"net/http"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Rules are what a gate judges by. They never change; other rules can take
// their place as a whole.
type Rules struct {
	Policy *policy.Snapshot
	// Plan says whose number a number is.
	Plan numbering.Plan
}

// Gate judges requests to one carrier. It does not change once it is made and
// is safe for concurrent use.
type Gate struct {
	Carrier carrier.Carrier
	// Rules returns the rules in force. It is asked once for each request, so
	// that no request is judged by two policies.
	Rules func() *Rules
	// Product of requests whose host is not one of the carrier's.
	Product string
	// AnyProduct says that requests go to one place whatever their host says.
	AnyProduct bool
	// Account of requests that name none, and whose credential nobody knows. If
	// empty, such requests are refused.
	Account string
	// Broker takes keys of the gate's own in place of the carrier's credentials. It
	// is nil where applications hold the carrier's.
	Broker *Broker
	// IsIssued tells whether a name is that of a key that some gate issued with a
	// broker. Such a key is refused here: the carrier does not know it. It is nil where
	// no key is issued.
	IsIssued func(sid string) bool
	// DenyUnlisted refuses writes that stand in no table of the carrier's.
	DenyUnlisted bool
	// Now is the clock.
	Now func() time.Time
}

// Judge decides about one request. The body of a request that may send is held
// while it is judged and put back on the same request; that of any other
// request is not touched. Offers to talk in another way than HTTP/1.1 are taken out
// of the header.
func (g *Gate) Judge(r *http.Request) *Decision {
	began := time.Now()
	ignoreOffers(r)
	request := carrier.Request{
		Method:     r.Method,
		Host:       r.Host,
		Path:       r.URL.EscapedPath(),
		RawQuery:   r.URL.RawQuery,
		Header:     r.Header,
		HasBody:    hasBody(r),
		AnyProduct: g.AnyProduct,
	}
	op := g.Carrier.Route(&request, g.Product)
	rules := g.Rules()
	d := &Decision{Operation: op, Policy: rules.Policy.Revision(), Account: op.Account, began: began}

	request.SeesURLs = rules.Policy.URLsMatter() || g.Broker != nil
	if reason, intent := g.find(r, &request, rules, d); reason != "" {
		d.doubt(reason)
		if reason == carrier.UpgradeForbidden {
			d.Rule = askedFor(r)
		}
	} else {
		g.decide(d, rules, &intent)
	}
	// To watch the policy must not give away a credential.
	if d.Outcome == policy.Deny && rules.Policy.Observe() && !(d.doubted && (g.Broker != nil || d.Reason == carrier.KeyInvalid)) {
		d.Outcome = policy.Monitor
	}
	if d.Outcome != policy.Allow {
		d.Refusal = g.Carrier.Refuse(&request, op, d.denial())
	}
	if d.Outcome != policy.Deny {
		d.mayPass, d.passed = true, passOf(r)
	}
	d.Took = time.Since(began) - d.waited
	return d
}

// find finds what a request wants, and for which account, or why it is refused
// whatever that is.
func (g *Gate) find(r *http.Request, request *carrier.Request, rules *Rules, d *Decision) (policy.Reason, carrier.Intent) {
	if g.Broker == nil {
		if g.presentsIssued(r.Header) {
			return carrier.KeyInvalid, carrier.Intent{}
		}
		return g.read(r, request, d.Operation, "", &d.waited)
	}
	key, reason := g.Broker.admit(g, request, d)
	if reason == "" && len(r.Trailer) > 0 {
		// No library sends any, and one could be taken for a header that is refused.
		reason = carrier.TrailerForbidden
	}
	if reason != "" {
		return reason, carrier.Intent{}
	}
	reason, intent := g.read(r, request, d.Operation, key.Account, &d.waited)
	reader := rules.reader(g.Carrier)
	if reason == "" && !isWithin(key, &reader, d.Operation, &intent) {
		reason = carrier.KeyRestricted
	}
	if !rules.Policy.URLsMatter() {
		intent.URLs = nil
	}
	intent.Account, intent.Credential, intent.Token = key.Account, key.Account, ""
	return reason, intent
}

// read finds what a request wants, or why it cannot be told, and how long it
// waited for the body. Where an account is given, its parameters may name no other.
func (g *Gate) read(r *http.Request, request *carrier.Request, op *carrier.Operation, account string, waited *time.Duration) (policy.Reason, carrier.Intent) {
	var none carrier.Intent
	if reason := first(envelopeChecks, r); reason != "" {
		return reason, none
	}
	if !op.HostKnown {
		return carrier.HostUnknown, none
	}
	if op.Safe && g.Broker == nil {
		return "", none
	}
	// To read is no less than to write where it could tell a credential.
	if reason := first(writeChecks, r); reason != "" {
		return reason, none
	}
	if op.Safe {
		return namesOther(account, request, nil), none
	}
	if (op.Kind == carrier.Unlisted || op.Undocumented) && g.DenyUnlisted {
		return carrier.OperationUnknown, none
	}
	if op.Kind != carrier.Inert && headSize(r) > maxHead {
		return carrier.HeadTooLarge, none
	}
	var body []byte
	limit := op.MaxBody
	if request.SeesURLs {
		limit = max(limit, op.MaxURLBody)
	}
	if limit > 0 {
		if len(request.RawQuery) > maxQuery {
			return carrier.BodyTooLarge, none
		}
		if request.HasBody {
			if reason := first(judgedChecks, r); reason != "" {
				return reason, none
			}
		}
		announced := len(r.Trailer)
		var reason policy.Reason
		began := time.Now()
		body, reason = Hold(r, limit)
		*waited = time.Since(began)
		if reason != "" {
			return reason, none
		}
		if len(r.Trailer) > announced {
			// It came unannounced and would go on as if it had been.
			return carrier.TrailerForbidden, none
		}
	}
	if reason := namesOther(account, request, body); reason != "" {
		return reason, none
	}
	intent, err := g.Carrier.Read(request, op, body)
	switch {
	case errors.Is(err, carrier.ErrContentType):
		return carrier.ContentTypeDenied, none
	case errors.Is(err, carrier.ErrTooMany):
		return carrier.BodyTooLarge, none
	case errors.Is(err, carrier.ErrCredential):
		return carrier.CredentialDenied, none
	case errors.Is(err, carrier.ErrMethodOverride):
		return carrier.MethodOverride, none
	case err != nil:
		return carrier.BodyUndecodable, none
	}
	return "", intent
}

// decide judges every send of a request, and then every URL that the carrier would
// obey. The request is refused if one of them is, and the first refused one is
// named.
func (g *Gate) decide(d *Decision, rules *Rules, intent *carrier.Intent) {
	if len(intent.Sends) == 0 && len(intent.Controls) == 0 && !intent.Stored && len(intent.URLs) == 0 {
		return
	}
	reader := rules.reader(g.Carrier)
	send := rules.newSend(&reader, policy.Claim{
		Account:    intent.Account,
		Credential: intent.Credential,
		Token:      intent.Token,
		Site:       g.Account,
	}, intent.Senders)
	d.Account = policy.CanonicalSID(send.Account)
	d.Assumed = intent.Account == "" && send.Credential == "" && send.Account != ""
	d.Covered = rules.Policy.Covers(&send)

	for _, control := range intent.Controls {
		if d.worsen(rules.Policy.JudgeControl(&send, control)); d.Outcome == policy.Deny {
			return
		}
	}
	if intent.Stored {
		if d.worsen(rules.Policy.JudgeStored(&send)); d.Outcome == policy.Deny {
			return
		}
	}
	now := g.Now()
	for i := range intent.Sends {
		s := &intent.Sends[i]
		if !address(&send, &reader, s) {
			continue
		}
		d.add(s, &send, rules.Policy.Judge(&send, now))
		if d.Outcome == policy.Deny {
			d.Sends = len(intent.Sends)
			return
		}
	}
	for i := range intent.URLs {
		u := &intent.URLs[i]
		v := rules.Policy.JudgeURL(&send, u.Address)
		if v.Reason == "" {
			continue
		}
		if d.worsen(v); d.Reason == policy.URLHost && d.url == nil {
			d.url = u
		}
		if d.Outcome == policy.Deny {
			return
		}
	}
}

// address gives a send the destination of one that was found, and tells whether
// there is anything to judge.
func address(send *policy.Send, reader *numbering.Reader, s *carrier.Send) bool {
	medium := mediumOf(s.Channel)
	if s.Tentative {
		// Letters count where a number is expected. Elsewhere they are a
		// name, and any name would be some number on a keypad.
		medium = numbering.ForMessage
	}
	reader.International = s.International
	send.Channel, send.Verification = s.Channel, s.Verification
	send.Destination = reader.Read(s.To, medium)
	return !s.Tentative || send.Destination.Meaning == numbering.Numbers || hidesNumber(&send.Destination)
}

// newSend is a send by whoever is claimed and by the senders given, whose
// destination is still to be read.
func (rules *Rules) newSend(reader *numbering.Reader, claim policy.Claim, senders []string) policy.Send {
	send := rules.Policy.NewSend(claim)
	if rules.Policy.SendersMatter() {
		for _, sender := range senders {
			send.Senders = append(send.Senders, reader.ReadSender(sender)...)
		}
	}
	return send
}

// mediumOf is how a channel's destinations are read.
func mediumOf(channel policy.Channel) numbering.Medium {
	if channel == policy.Voice {
		return numbering.ForCall
	}
	return numbering.ForMessage
}

// reader reads addresses as the carrier does, by these rules.
func (rules *Rules) reader(c carrier.Carrier) numbering.Reader {
	return numbering.Reader{
		Plan:           rules.Plan,
		Dialect:        c.Dialect(),
		NationalStrict: rules.Policy.NationalStrict(),
	}
}

// maxQuery bounds the query of a request that is looked into, in bytes.
const maxQuery = 64 << 10

// maxHead bounds target and header together of a request that may be denied, in
// bytes. What stands in front of a carrier refuses longer ones before anybody looks
// at the credential, which would tell whether they are denied. 8 KiB is what nginx and
// Apache take of one line, and CloudFront of a URL, as they come; an SDK sends some
// hundred bytes and its credential.
const maxHead = 8 << 10

// hidesNumber tells whether a text that cannot be read holds a number even so.
func hidesNumber(reading *numbering.Reading) bool {
	return reading.Meaning == numbering.Unreadable && numbering.HoldsNumber(reading.Text)
}

// ExplainHeader is the name of the header that tells a client which rule
// refused it, where an operator wants that.
const ExplainHeader = "Tollgate-Rule"
