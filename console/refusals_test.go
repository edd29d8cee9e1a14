package console

import (
	"testing"
	"time"
)

func TestARefusalAsksWhyWithWhatIsOnRecord(t *testing.T) {
	at := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		says    string
		refused refused
		want    string
	}{
		{"a whole number", refused{Destination: "+998901234567", Territory: "UZ"}, "?account=acme&at=2026-11-30T03%3A00%3A00Z&channel=voice&recorded=%2B998901234567&to=%2B998901234567"},
		{"a number without its last digits", refused{Destination: "+998901234XXX", Prefix: "+998901234"}, "?account=acme&at=2026-11-30T03%3A00%3A00Z&channel=voice&masked=true&recorded=%2B998901234XXX&to=%2B998901234000"},
		{"a territory", refused{Destination: "*********4567", Territory: "UZ", Class: "low_risk"}, "?account=acme&at=2026-11-30T03%3A00%3A00Z&channel=voice&class=low_risk&recorded=%2A%2A%2A%2A%2A%2A%2A%2A%2A4567&territory=UZ"},
		{"a sender that is masked", refused{Destination: "+998901234567", Sender: "*******0199"}, "?account=acme&at=2026-11-30T03%3A00%3A00Z&channel=voice&recorded=%2B998901234567&to=%2B998901234567"},
		{"a sender that is not", refused{Destination: "+998901234567", Sender: "Acme"}, "?account=acme&at=2026-11-30T03%3A00%3A00Z&channel=voice&from=Acme&recorded=%2B998901234567&to=%2B998901234567"},
	} {
		c.refused.Account, c.refused.Channel, c.refused.Time = "acme", "voice", at
		if got := c.refused.Why(); got != c.want {
			t.Errorf("%s: %s", c.says, got)
		}
	}
}
