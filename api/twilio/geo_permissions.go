package twilio

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// geoPermission is a permission for messages, in Twilio's shape.
type geoPermission struct {
	CountryCode string `json:"country_code"`
	Type        string `json:"type"`
	Enabled     bool   `json:"enabled"`
	Prefix      string `json:"prefix"`
	Message     string `json:"message"`
}

// highRiskMessage is Twilio's of a country that its API does not enable.
const highRiskMessage = "High Risk Country"

func (s *Resources) geoPermissions(_ context.Context, r *Request, _ string) Answer {
	asked := make(map[string]bool)
	for _, list := range r.Query["CountryCode"] {
		for code := range strings.SplitSeq(list, ",") {
			if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
				asked[code] = true
			}
		}
	}
	o, found := openOn(r.Subject, policy.Messaging), []geoPermission{}
	for _, c := range listed(policy.Messaging) {
		if len(asked) > 0 && !asked[c.Code] {
			continue
		}
		p := geoPermission{CountryCode: c.Code, Type: "country", Enabled: o.has(c.Messaging, policy.LowRisk), Prefix: c.Messaging.Prefixes[0]}
		if isHighRisk(c.Messaging) {
			p.Message = highRiskMessage
		}
		found = append(found, p)
	}
	return answer(http.StatusOK, map[string]any{"permissions": found})
}

// isHighRisk reports whether Twilio calls an entry risky for messages.
func isHighRisk(entry *geo.Entry) bool {
	for _, t := range entry.Territories {
		if _, risky := geo.HighRisk(policy.Messaging, t); risky {
			return true
		}
	}
	return false
}

// geoUpdate is an item of an update.
type geoUpdate struct {
	CountryCode string `json:"country_code"`
	Type        string `json:"type"`
	Enabled     *truth `json:"enabled"`
	// Acknowledged says that the client knows of the risk. Twilio has no such member: in its
	// console there is a box to check.
	Acknowledged truth `json:"acknowledge_high_risk"`
}

// geoResult is what became of an item, in Twilio's shape.
type geoResult struct {
	CountryCode   string   `json:"country_code"`
	Type          string   `json:"type"`
	Enabled       bool     `json:"enabled"`
	ErrorCode     int      `json:"error_code"`
	ErrorMessages []string `json:"error_messages"`
}

// The errors of items. That of a mistake is in words of the gate's.
const (
	highRiskRefused = 30649 // https://www.twilio.com/docs/errors/30649
	itemInvalid     = 20001
)

func (s *Resources) updateGeoPermissions(ctx context.Context, r *Request, _ string) Answer {
	items := r.Form["Permissions"]
	if len(items) == 0 {
		return invalid("Permissions is missing: it has an object in JSON for each country")
	}
	updates, results := make([]geoUpdate, len(items)), make([]geoResult, len(items))
	for i, text := range items {
		if err := json.Unmarshal([]byte(text), &updates[i]); err != nil || updates[i].Enabled == nil {
			return invalid("Permissions: %s is not an object with country_code, type and enabled", text)
		}
	}
	// Each item that opens a risky country has said that this is known. A subaccount inherits
	// until it is changed, as Twilio documents it.
	terms := permissions.Terms{Reason: "GeoPermissions", AcknowledgeHighRisk: true}
	_, err := s.Service.EditTerritories(ctx, r.Caller, terms, r.Account, true, func(subject *policy.Subject) (edits []permissions.TerritoryEdit, err error) {
		o := openOn(subject, policy.Messaging)
		for i := range updates {
			u := &updates[i]
			more, code, message := geoEdits(subject, u, &o)
			results[i] = geoResult{u.CountryCode, "country", bool(*u.Enabled), code, []string{}}
			if code != 0 {
				results[i].ErrorMessages = append(results[i].ErrorMessages, message)
			}
			edits = append(edits, more...)
		}
		return edits, nil
	})
	if err != nil {
		return s.failed(err)
	}
	return answer(http.StatusOK, map[string]any{"permissions": results})
}

// geoEdits are what an item changes, or why it is refused.
func geoEdits(subject *policy.Subject, u *geoUpdate, o *open) (edits []permissions.TerritoryEdit, code int, message string) {
	c := listedByCode(policy.Messaging, u.CountryCode)
	switch {
	case c == nil || u.Type != "" && u.Type != "country":
		return nil, itemInvalid, "Invalid country_code or type"
	case bool(*u.Enabled) && isHighRisk(c.Messaging) && !bool(u.Acknowledged) && !o.has(c.Messaging, policy.LowRisk):
		return nil, highRiskRefused, "High risk country permission cannot be updated"
	}
	edits, err := editsOf(subject, policy.Messaging, policy.LowRisk, c.Messaging, bool(*u.Enabled), o)
	if err != nil {
		return nil, itemInvalid, err.Error()
	}
	return edits, 0, ""
}
