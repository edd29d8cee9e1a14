package console

import (
	"net/url"
	"time"
)

// onRecord is the refusal that a question is about: that which was recorded of the account in the
// second of the question, for a destination as it is written on record. Nil if there is none, or
// the client may not read it.
func (v *visit) onRecord(q *whyQuery) (*refused, error) {
	at, err := time.Parse(time.RFC3339, q.At)
	if err != nil || q.Recorded == "" || !v.identity.May("audit.read") {
		return nil, nil
	}
	var found struct {
		Items []refused `json:"items"`
	}
	err = v.get(&found, "/audit/refusals", url.Values{
		"account": {q.Account}, "channel": {q.Channel}, "limit": {"1000"}, "format": {"json"},
		"from": {at.Format(time.RFC3339)}, "to": {at.Add(time.Second).Format(time.RFC3339)},
	})
	if err != nil {
		return nil, err
	}
	for i := range found.Items {
		if found.Items[i].Destination == q.Recorded {
			return &found.Items[i], nil
		}
	}
	return nil, nil
}
