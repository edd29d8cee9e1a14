package permissions_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// secondGate is a service of another gate with the store of one, which follows no changes by
// itself.
func secondGate(t *testing.T, of *permissions.Service) *permissions.Service {
	t.Helper()
	kept, err := of.Policy.Store()
	if err != nil {
		t.Fatal(err)
	}
	l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, "", config.Document{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	l.UseStore(&reload.Stored{Now: time.Now, Open: func(context.Context) (store.Store, error) { return kept, nil }})
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	return &permissions.Service{Policy: l, Carriers: configtest.AsWritten, Now: time.Now}
}

func put(t *testing.T, s *permissions.Service, id, document string) {
	t.Helper()
	if _, err := s.PutAccount(t.Context(), caller(t, access.Admin), permissions.Terms{}, id, []byte(document)); err != nil {
		t.Fatal(err)
	}
}

func edited(id string) permissions.EditedAccount {
	return permissions.EditedAccount{ID: id, At: policy.CarrierAccount{Carrier: "twilio", ID: id}}
}

// A gate that lags copies what its parent has now, not what it had when the gate last looked.
func TestAnEditBeginsAsWhatIsInForceForTheFleet(t *testing.T) {
	here := serve(t, config.Document{})
	put(t, here, one, `{"voice": {"low_risk": ["US"]}}`)
	put(t, here, two, `{"parent": "`+one+`"}`)
	lagging := secondGate(t, here)
	put(t, here, one, `{"voice": {"low_risk": ["US", "FR"]}}`)
	result, err := lagging.SetInheritance(t.Context(), caller(t, access.Admin), permissions.Terms{}, edited(two), policy.Voice, false)
	if err != nil || !strings.Contains(string(result.Object.Document), `"low_risk":["FR","US"]`) {
		t.Errorf("the account is %s, %v", result.Object.Document, err)
	}
}

func TestAnEditIsDecidedByWhatIsInForceForTheFleet(t *testing.T) {
	here := serve(t, config.Document{})
	put(t, here, one, `{"voice": {"low_risk": ["US"]}}`)
	lagging := secondGate(t, here)
	put(t, here, one, `{"voice": {"low_risk": ["US", "FR"]}}`)
	france, _ := numbering.ParseTerritory("FR")
	var seen bool
	result, err := lagging.EditTerritories(t.Context(), caller(t, access.Admin), permissions.Terms{}, edited(one), false,
		func(subject *policy.Subject) ([]permissions.TerritoryEdit, error) {
			sets, _ := subject.StatedSets(policy.Voice)
			seen = sets[policy.LowRisk].Has(france)
			return nil, nil
		})
	if err != nil || !seen || result.Changed {
		t.Errorf("France is seen to be open: %t; %+v, %v", seen, result.Changed, err)
	}
}

// A gate that lags neither brings back an account that was deleted nor changes a suspended one.
func TestAnAccountThatAnotherGateHasEndedIsNotEdited(t *testing.T) {
	for name, end := range map[string]func(s *permissions.Service) error{
		"deleted": func(s *permissions.Service) error {
			_, err := s.DeleteAccount(t.Context(), caller(t, access.Admin), permissions.Terms{}, one)
			return err
		},
		"suspended": func(s *permissions.Service) error {
			_, err := s.PutAccount(t.Context(), caller(t, access.Admin), permissions.Terms{}, one, []byte(`{"voice": {"low_risk": ["US"]}, "suspended": true}`))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			here := serve(t, config.Document{})
			put(t, here, one, `{"voice": {"low_risk": ["US"]}}`)
			lagging := secondGate(t, here)
			if err := end(here); err != nil {
				t.Fatal(err)
			}
			_, err := lagging.AllowPrefix(t.Context(), caller(t, access.Admin), permissions.Terms{Reason: "a test"}, edited(one), "+12025550000", true)
			if !errors.Is(err, access.ErrDenied) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestAnEditThatChangesNothingMakesNoAccount(t *testing.T) {
	s := serve(t, document(t, `{"default": {"voice": {"low_risk": ["US"]}}}`))
	none := func(*policy.Subject) ([]permissions.TerritoryEdit, error) { return nil, nil }
	result, err := s.EditTerritories(t.Context(), caller(t, access.Admin), permissions.Terms{}, edited(one), false, none)
	if err != nil || result.Changed || result.Created {
		t.Errorf("the result is %+v, %v", result, err)
	}
	if _, err := s.Account(t.Context(), caller(t, access.Admin), one); err == nil {
		t.Error("the account exists")
	}
}

// A home takes the place of what an account would inherit: an answer that it inherits would not
// be true.
func TestAnAccountWithAHomeDoesNotInheritAgain(t *testing.T) {
	s := serve(t, config.Document{})
	put(t, s, one, `{"voice": {"low_risk": ["US"]}}`)
	put(t, s, two, `{"parent": "`+one+`", "home": "FR"}`)
	_, err := s.SetInheritance(t.Context(), caller(t, access.Admin), permissions.Terms{}, edited(two), policy.Voice, true)
	if err == nil || !strings.Contains(err.Error(), "home") {
		t.Errorf("error is %v", err)
	}
}

func TestAnAccountAllowsAThousandPrefixesAndNoMore(t *testing.T) {
	s := serve(t, config.Document{})
	var rules strings.Builder
	for i := range 999 {
		fmt.Fprintf(&rules, `{"allow": "+1201555%04d", "reason": "a test"}, `, i)
	}
	put(t, s, one, `{"prefixes": [`+rules.String()+`{"block": "+44", "reason": "not one of them"}]}`)
	allow := func(prefix string, allow bool) error {
		_, err := s.AllowPrefix(t.Context(), caller(t, access.Admin), permissions.Terms{Reason: "a test"}, edited(one), prefix, allow)
		return err
	}
	if err := allow("+12025550000", true); err != nil {
		t.Fatal(err)
	}
	if err := allow("+12025550001", true); err == nil || !strings.Contains(err.Error(), "1000") {
		t.Errorf("one more: %v", err)
	}
	if err := allow("+12025550000", true); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	if err := allow("+12025550000", false); err != nil {
		t.Error(err)
	}
	if err := allow("+12025550001", true); err != nil {
		t.Errorf("in place of one that was removed: %v", err)
	}
}
