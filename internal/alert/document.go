package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
	"github.com/caddy-tollgate/tollgate/store"
)

// The IDs in the store begin with what they are of. An incident is by what its denials have in
// common: the open one, or the last that was closed.
const (
	incidentPrefix  = "incident/"
	thresholdPrefix = "threshold/"
	noticePrefix    = "notice/"
)

// keepClosed is for how long an incident that is closed is kept.
const keepClosed = 24 * time.Hour

// incidentID is the ID of what the denials of one kind have in the store.
func incidentID(key incident.Key) string {
	text := strings.Join([]string{key.Carrier, key.Account, key.Reason, key.Rule}, "\x00")
	sum := sha256.Sum256([]byte(text))
	return incidentPrefix + hex.EncodeToString(sum[:16])
}

// incidentDocument is an incident as the store has it.
type incidentDocument struct {
	Incident incident.Incident `json:"incident"`
	// Holding and Hold are not told with the incident.
	Holding string `json:"holding,omitempty"`
	Hold    string `json:"hold,omitempty"`
}

func keptIncident(i *incident.Incident) (store.KeptIncident, error) {
	text, err := json.Marshal(incidentDocument{*i, i.Holding, i.Hold})
	if err != nil {
		return store.KeptIncident{}, fmt.Errorf("writing incident %s: %w", i.ID, err)
	}
	k := store.KeptIncident{ID: incidentID(i.Key()), Document: text}
	if !i.Closed.IsZero() {
		k.Over = i.Closed.Add(keepClosed)
	}
	return k, nil
}

func readIncident(k *store.KeptIncident) (*incident.Incident, error) {
	var d incidentDocument
	if err := json.Unmarshal(k.Document, &d); err != nil {
		return nil, fmt.Errorf("reading incident %s: %w", k.ID, err)
	}
	d.Incident.Holding, d.Incident.Hold = d.Holding, d.Hold
	return &d.Incident, nil
}

// noticeDocument is a notice as the store has it, until it is delivered.
type noticeDocument struct {
	Notice *notify.Notice `json:"notice"`
	// Had are the targets that have it, or will not get it, by their IDs.
	Had []string `json:"had,omitempty"`
	// Holder is the process that delivers it, until a time. From then on, another may.
	Holder string    `json:"holder"`
	Until  time.Time `json:"until"`
}

func keptNotice(d *noticeDocument) (store.KeptIncident, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return store.KeptIncident{}, fmt.Errorf("writing notice %s: %w", d.Notice.ID, err)
	}
	return store.KeptIncident{ID: noticePrefix + d.Notice.ID, Document: text, Over: d.over()}, nil
}

// over is when it is delivered to no target any more.
func (d *noticeDocument) over() time.Time { return d.Notice.At.Add(notify.MaxAge + lease) }

func readNotice(k *store.KeptIncident) (*noticeDocument, error) {
	var d noticeDocument
	if err := json.Unmarshal(k.Document, &d); err != nil || d.Notice == nil {
		return nil, fmt.Errorf("reading notice %s: %w", k.ID, err)
	}
	return &d, nil
}
