package app

import (
	"encoding/json"

	"github.com/caddy-tollgate/tollgate/caddymodule/auditlog"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/openings"
)

// statedApp is an App as JSON states it.
type statedApp struct {
	PolicyFile         string                 `json:"policy_file,omitzero"`
	PolicyFileComplete bool                   `json:"policy_file_complete,omitzero"`
	Numbering          *NumberingData         `json:"numbering,omitempty"`
	GeoIP              *GeoIP                 `json:"geoip,omitempty"`
	Rates              *Rates                 `json:"rates,omitempty"`
	Feeds              []Feed                 `json:"feeds,omitempty"`
	Broker             *Broker                `json:"broker,omitempty"`
	RequestBodies      *RequestBodies         `json:"request_bodies,omitempty"`
	TrustedModules     []string               `json:"trusted_modules,omitempty"`
	Store              *Store                 `json:"store,omitempty"`
	Counters           *Counters              `json:"counters,omitempty"`
	Audit              *Audit                 `json:"audit,omitempty"`
	Administrators     *access.Administrators `json:"administrators,omitempty"`
	Openings           *openings.Settings     `json:"openings,omitempty"`
	AuditLog           *auditlog.AuditLog     `json:"audit_log,omitempty"`
	Notices
	config.Document
}

// UnmarshalJSON reads the policy strictly: unknown and repeated members and
// null are errors.
func (a *App) UnmarshalJSON(text []byte) error {
	var stated statedApp
	if err := config.DecodeJSON(text, &stated); err != nil {
		return err
	}
	a.state(&stated)
	return nil
}

func (a *App) state(stated *statedApp) {
	a.PolicyFile, a.PolicyFileComplete, a.Document = stated.PolicyFile, stated.PolicyFileComplete, stated.Document
	a.Numbering, a.GeoIP, a.Rates, a.Feeds, a.Store, a.Audit = stated.Numbering, stated.GeoIP, stated.Rates, stated.Feeds, stated.Store, stated.Audit
	a.Administrators, a.Openings, a.Counters, a.Notices = stated.Administrators, stated.Openings, stated.Counters, stated.Notices
	a.Broker, a.RequestBodies, a.TrustedModules, a.AuditLog = stated.Broker, stated.RequestBodies, stated.TrustedModules, stated.AuditLog
}

// MarshalJSON writes the policy.
func (a App) MarshalJSON() ([]byte, error) {
	return json.Marshal(statedApp{a.PolicyFile, a.PolicyFileComplete, a.Numbering, a.GeoIP, a.Rates, a.Feeds, a.Broker, a.RequestBodies, a.TrustedModules, a.Store, a.Counters, a.Audit, a.Administrators, a.Openings, a.AuditLog, a.Notices, a.Document})
}
