package gate

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	// mostMessages is how many messages are remembered that may be confirmed. Beyond them, the one
	// that was used longest ago goes.
	mostMessages = 100_000
	// longestFeedback is how long after a message it may be confirmed.
	longestFeedback = 24 * time.Hour
)

// SentMessages are whom messages were sent to, which their senders may confirm by the id that the
// carrier gave them. It is safe for concurrent use.
type SentMessages struct {
	byID *lru.Cache[limits.Key, sentMessage]
}

// sentMessage is a message that the carrier has accepted.
type sentMessage struct {
	to string
	at time.Time
}

// NewSentMessages remembers no message yet.
func NewSentMessages() *SentMessages {
	byID, err := lru.New[limits.Key, sentMessage](mostMessages)
	if err != nil {
		panic(err) // the number is positive
	}
	return &SentMessages{byID}
}

// Len is how many messages are remembered.
func (s *SentMessages) Len() int { return s.byID.Len() }

// ExpectsFeedback reports whether the answer to a request that may pass has the id of a message by
// which that may be confirmed, and that makes a difference.
func (g *Gate) ExpectsFeedback(r *http.Request, d *Decision) bool {
	reader, ok := g.Carrier.(carrier.FeedbackReader)
	if !ok || g.Sent == nil || g.Counters == nil || d.Sends == 0 || !g.Rules().Snapshot.CountsConversions() {
		return false
	}
	body, held := d.JudgedBytes()
	return held && reader.AsksFeedback(&carrier.Request{RawQuery: r.URL.RawQuery}, d.Operation, body)
}

// RememberMessage remembers whom the message went to of which the carrier's answer to a request has the id.
func (g *Gate) RememberMessage(d *Decision, answer []byte) {
	reader, ok := g.Carrier.(carrier.FeedbackReader)
	if !ok || g.Sent == nil {
		return
	}
	if id, to := reader.SentMessage(answer); id != "" && len(id)+len(to) <= longestMessage {
		g.Sent.byID.Add(g.nameOf("message", d.Account, id), sentMessage{to, g.Now()})
	}
}

// longestMessage bounds id and recipient of a message that is remembered, in bytes.
const longestMessage = 256

// confirmed is the conversion that an answer of the carrier confirms, of a message that was sent
// not long ago by the same account.
func (g *Gate) confirmed(d *Decision, answer []byte) (c Conversion, ok bool) {
	reader, isReader := g.Carrier.(carrier.FeedbackReader)
	if !isReader || g.Sent == nil {
		return c, false
	}
	id := reader.ConfirmedMessage(answer)
	if id == "" {
		return c, false
	}
	key := g.nameOf("message", d.Account, id)
	sent, ok := g.Sent.byID.Peek(key)
	if !ok {
		return c, false
	}
	g.Sent.byID.Remove(key)
	if g.Now().Sub(sent.at) > longestFeedback {
		return c, false
	}
	return Conversion{Account: d.Account, Number: sent.to, Of: MessagesAlone}, true
}

// nameOf is the name among the counters of what the carrier calls by an id, of an account.
func (g *Gate) nameOf(kind, account, id string) limits.Key {
	if canonical, ok := g.Carrier.Identifiers().Canonical(policy.AccountID, account); ok {
		account = canonical
	}
	hash := g.Counters.Hash()
	return hash.Key(kind, g.Carrier.Name(), account, id)
}
