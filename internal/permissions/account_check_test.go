package permissions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	one = "AC00000000000000000000000000000001"
	two = "AC00000000000000000000000000000002"
)

// An account gets what its parent has, so who is limited to it must not choose its parent.
func TestWhoIsLimitedToAnAccountDoesNotGiveItAParent(t *testing.T) {
	s := serve(t, config.Document{})
	everyone := caller(t, access.Admin)
	if _, err := s.PutAccount(t.Context(), everyone, permissions.Terms{}, two, []byte(`{"messaging": ["US", "GB"]}`)); err != nil {
		t.Fatal(err)
	}
	limited := everyone
	limited.Accounts = []string{one}
	child := []byte(`{"parent": "` + two + `"}`)
	if _, err := s.PutAccount(t.Context(), limited, permissions.Terms{}, one, child); !errors.Is(err, access.ErrDenied) {
		t.Errorf("error is %v", err)
	}
	if _, err := s.PutAccount(t.Context(), everyone, permissions.Terms{}, one, child); err != nil {
		t.Fatal(err)
	}
	// What someone else has chosen may stay.
	if _, err := s.PatchAccount(t.Context(), limited, permissions.Terms{}, one, []byte(`{"label": "One"}`)); err != nil {
		t.Error(err)
	}
	if _, err := s.PatchAccount(t.Context(), limited, permissions.Terms{}, one, []byte(`{"parent": null}`)); err != nil {
		t.Error(err)
	}
}

// As in the carrier's console, what it marks as high risk is opened only by one who says so.
func TestWhatACarrierMarksAsHighRiskIsOpenedOnlyOnceThatIsAcknowledged(t *testing.T) {
	uzbekistan, _ := numbering.ParseTerritory("UZ")
	for _, c := range []struct {
		name, before, after string
		refused             string // what is named; empty if it is not refused
	}{
		{"a territory that is marked", "", `{"messaging": ["US", "UZ"]}`, "messaging UZ"},
		{"one among all", "", `{"messaging": ["*"]}`, "messaging UZ"},
		{"one of verifications", "", `{"verify": {"messaging": ["UZ"]}}`, "verify messaging UZ"},
		{"one of messages and of verifications", "", `{"messaging": ["UZ"], "verify": {"messaging": ["UZ"]}}`, "messaging UZ, verify messaging UZ"},
		{"a home", "", `{"home": "UZ"}`, "messaging UZ"},
		{"a home of a trial account", "", `{"home": "UZ", "trial": []}`, "messaging UZ"},
		{"a home, where messages are stated", "", `{"home": "UZ", "messaging": ["US"]}`, ""},
		{"a home that was open before", `{"home": "UZ"}`, `{"home": "UZ", "label": "Acme"}`, ""},
		{"one that is not marked", "", `{"messaging": ["US"]}`, ""},
		{"one by a channel on which it is not marked", "", `{"voice": {"low_risk": ["UZ"]}}`, ""},
		{"one that was open before", `{"messaging": ["UZ"]}`, `{"messaging": ["UZ", "US"]}`, ""},
		{"one that was open by another channel", `{"voice": {"low_risk": ["UZ"]}}`, `{"messaging": ["UZ"]}`, "messaging UZ"},
		{"one that is closed", `{"messaging": ["UZ"]}`, `{"messaging": []}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, config.Document{})
			s.HighRisk = func(channel policy.Channel, t numbering.Territory) (string, bool) {
				return "a list", channel == policy.Messaging && t == uzbekistan
			}
			known := permissions.Terms{AcknowledgeHighRisk: true}
			if c.before != "" {
				if _, err := s.PutAccount(t.Context(), caller(t, access.Admin), known, one, []byte(c.before)); err != nil {
					t.Fatal(err)
				}
			}
			_, err := s.PutAccount(t.Context(), caller(t, access.Admin), permissions.Terms{}, one, []byte(c.after))
			switch {
			case c.refused != "" && (!errors.Is(err, reload.ErrInvalid) || !strings.Contains(err.Error(), "("+c.refused+")")):
				t.Errorf("error is %v", err)
			case c.refused == "" && err != nil:
				t.Error(err)
			}
			if _, err := s.PutAccount(t.Context(), caller(t, access.Admin), known, one, []byte(c.after)); err != nil {
				t.Error(err)
			}
		})
	}
}
