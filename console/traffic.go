package console

import (
	"net/url"
	"time"
)

// recentTraffic is how long what was sent counts as recent: what the API counts as in use.
const recentTraffic = 30 * day

// sentCounts are how many sends were let through recently, by the names of switches.
type sentCounts map[string]int64

// recentSends counts what an account has sent recently. Its subaccounts have counts of their own.
func (v *visit) recentSends(account string) (sentCounts, error) {
	var found struct {
		Items []counted `json:"items"`
	}
	err := v.get(&found, "/traffic", url.Values{
		"account": {account}, "by": {"channel,territory,class"}, "format": {"json"},
		"from": {time.Now().Add(-recentTraffic).UTC().Format(time.RFC3339)},
	})
	if err != nil {
		return nil, err
	}
	counts := make(sentCounts, len(found.Items))
	for _, c := range found.Items {
		counts[switchOf(c.Channel, c.Class, c.Territory)] += c.Count
	}
	return counts, nil
}

// countCloses adds to each territory that closes what its account has sent there recently, if that
// is known.
func (v *visit) countCloses(closes []changedTerritory) error {
	accounts := make(map[string]sentCounts)
	for i := range closes {
		c := &closes[i].Change
		if !closes[i].KnowsSent() {
			continue
		}
		counts, known := accounts[c.Account]
		if !known {
			var err error
			if counts, err = v.recentSends(c.Account); err != nil {
				return err
			}
			accounts[c.Account] = counts
		}
		closes[i].Sent = counts[switchOf(c.Channel, c.Class, closes[i].Territory.Code)]
	}
	return nil
}
