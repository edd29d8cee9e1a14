package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
)

// truth is a value that clients write as true or as "true".
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *truth) UnmarshalJSON(text []byte) error {
	switch strings.ToLower(strings.Trim(string(text), `"`)) {
	case "true":
		*b = true
	case "false":
		*b = false
	default:
		return fmt.Errorf("%s is neither true nor false", text)
	}
	return nil
}

// countryUpdate is one of the updates of a bulk update. What is absent stays as it is.
type countryUpdate struct {
	IsoCode   string `json:"iso_code"`
	LowRisk   *truth `json:"low_risk_numbers_enabled"`
	Special   *truth `json:"high_risk_special_numbers_enabled"`
	TollFraud *truth `json:"high_risk_tollfraud_numbers_enabled"`
	readOnly
}

// readOnly are the other members of a country: what was read may be written back.
type readOnly struct {
	Name         json.RawMessage `json:"name"`
	CountryCodes json.RawMessage `json:"country_codes"`
	Continent    json.RawMessage `json:"continent"`
	URL          json.RawMessage `json:"url"`
	Links        json.RawMessage `json:"links"`
}

// readUpdates reads the updates of a bulk update. An unknown member is an error: success would say
// that what it asks for was done.
func readUpdates(text string) (updates []countryUpdate, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var other *json.UnmarshalTypeError
	switch err := decoder.Decode(&updates); {
	case errors.As(err, &other):
		return nil, fmt.Errorf("it has a JSON %s in the wrong place", other.Value)
	case errors.Is(err, io.EOF):
		return nil, errors.New("it is empty")
	case err != nil:
		return nil, err
	case updates == nil:
		return nil, errors.New("it is null")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("more follows the array")
	}
	return updates, nil
}

// byClass are the values of the classes, in their order.
func (u *countryUpdate) byClass() [policy.ClassCount]*truth {
	return [policy.ClassCount]*truth{policy.LowRisk: u.LowRisk, policy.HighRiskSpecial: u.Special, policy.HighRiskTollFraud: u.TollFraud}
}

// updateCountries answers a bulk update: all of it is done, or nothing.
func (s *Resources) updateCountries(ctx context.Context, r *Request, _ string) Answer {
	updates, err := readUpdates(r.Form.Get("UpdateRequest"))
	if err != nil {
		return invalid("UpdateRequest is not a JSON array of updates: %v", err)
	}
	// The names of the members say that the risk is known.
	terms := permissions.Terms{Reason: "DialingPermissions", AcknowledgeHighRisk: true}
	_, err = s.Service.EditTerritories(ctx, r.Caller, terms, r.Account, false, func(subject *policy.Subject) ([]permissions.TerritoryEdit, error) {
		return countryEdits(subject, updates)
	})
	if err != nil {
		return s.failed(err)
	}
	return answer(http.StatusCreated, map[string]any{"update_count": len(updates), "update_request": "accepted"})
}

// countryEdits are what the updates of a bulk update change.
func countryEdits(subject *policy.Subject, updates []countryUpdate) (edits []permissions.TerritoryEdit, err error) {
	o := openOn(subject, policy.Voice)
	for i := range updates {
		u := &updates[i]
		c := listedByCode(policy.Voice, u.IsoCode)
		if c == nil {
			return nil, reload.Invalid{Cause: fmt.Errorf("UpdateRequest: %q is not the iso_code of a country", u.IsoCode)}
		}
		for class, value := range u.byClass() {
			if value == nil {
				continue
			}
			more, err := editsOf(subject, policy.Voice, policy.Class(class), c.Voice, bool(*value), &o)
			if err != nil {
				return nil, reload.Invalid{Cause: fmt.Errorf("UpdateRequest: %s: %w", c.Code, err)}
			}
			edits = append(edits, more...)
		}
	}
	return edits, nil
}

// errNotOpened is an entry that no change here can open.
var errNotOpened = errors.New("the carrier does not serve it, or opens it by request only: ask the operator of the gate")

// editsOf are what makes an entry open or closed: nothing if it is as it should be, else all of
// its territories. Those that the carrier does not serve, or opens by request only, stay closed.
// What is open is then as the edits make it: of two items for one entry, the last one counts.
func editsOf(subject *policy.Subject, channel policy.Channel, class policy.Class, entry *geo.Entry, enabled bool, o *open) ([]permissions.TerritoryEdit, error) {
	if o.has(entry, class) == enabled {
		return nil, nil
	}
	var edits []permissions.TerritoryEdit
	for _, t := range entry.Territories {
		if !enabled || subject.MayState(channel, t) {
			edits = append(edits, permissions.TerritoryEdit{Channel: channel, Class: class, Territory: t, Open: enabled})
		}
	}
	if len(edits) == 0 {
		return nil, errNotOpened
	}
	for _, e := range edits {
		if enabled {
			o[class].Add(e.Territory)
		} else {
			o[class].Remove(e.Territory)
		}
	}
	return edits, nil
}

// failed answers a change that was not made.
func (s *Resources) failed(err error) Answer {
	switch {
	case errors.Is(err, permissions.ErrInherits), errors.Is(err, reload.ErrStatedInFile):
		return invalid("%v", plain(err))
	case errors.Is(err, access.ErrDenied):
		return refuse(apierrors.Forbidden, nil)
	}
	var mistake reload.Invalid
	if errors.As(err, &mistake) {
		return invalid("%v", mistake.Cause)
	}
	return refuse(apierrors.Unavailable, nil)
}

// plain is an error without the place of a file, which is not for the clients of the carrier's API.
func plain(err error) error {
	if errors.Is(err, permissions.ErrInherits) {
		return permissions.ErrInherits
	}
	return errors.New("the account is stated in a file of the gate: it is changed there")
}

// settings are the settings of calls, in Twilio's shape.
func settingsOf(r *Request, inherits bool) map[string]any {
	return map[string]any{"dialing_permissions_inheritance": inherits, "url": r.url("/v1/Settings")}
}

func (s *Resources) settings(_ context.Context, r *Request, _ string) Answer {
	return answer(http.StatusOK, settingsOf(r, r.Subject.Inherits(policy.Voice)))
}

func (s *Resources) updateSettings(ctx context.Context, r *Request, _ string) Answer {
	text := r.Form.Get("DialingPermissionsInheritance")
	var wanted truth
	switch err := wanted.UnmarshalJSON([]byte(text)); {
	case text == "":
		return answer(http.StatusAccepted, settingsOf(r, r.Subject.Inherits(policy.Voice)))
	case err != nil:
		return invalid("DialingPermissionsInheritance: %v", err)
	}
	terms := permissions.Terms{Reason: "DialingPermissionsInheritance", AcknowledgeHighRisk: true}
	if _, err := s.Service.SetInheritance(ctx, r.Caller, terms, r.Account, policy.Voice, bool(wanted)); err != nil {
		return s.failed(err)
	}
	return answer(http.StatusAccepted, settingsOf(r, bool(wanted)))
}
