package notify

import (
	"fmt"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// Incident is what is told of an incident.
type Incident struct {
	Kind     incident.Kind
	Incident incident.Incident
	// Gate is the name of the host that tells it.
	Gate string
	// Limit is the limit in words, or empty: "20 sends within 1h per account, block:3".
	Limit string
	// Seen says which numbers what is held was sent to, or is empty: "38 numbers, 1000 to 1039 in a row".
	Seen string
}

type incidentData struct {
	incident.Incident
	Gate  string   `json:"gate"`
	Limit string   `json:"limit,omitempty"`
	Seen  string   `json:"seen,omitempty"`
	Look  []string `json:"look"`
}

// Notice is the incident as it is delivered.
func (n *Incident) Notice() *Notice {
	_, verb, _ := strings.Cut(string(n.Kind), ".")
	return &Notice{
		ID: "incident-" + n.Incident.ID + "-" + verb, Kind: n.Kind, At: n.at(), Gate: n.Gate, Subject: n.subject(), Text: n.text(),
		Body: body(n.Kind, n.at(), incidentData{n.Incident, n.Gate, n.Limit, n.Seen, n.look()}),
	}
}

// at is when it has opened or closed.
func (n *Incident) at() time.Time {
	if n.Kind == incident.Closed {
		return n.Incident.Closed
	}
	return n.Incident.First
}

// look are the commands that show more.
func (n *Incident) look() []string {
	look, i := []string{"tollgate incident list"}, &n.Incident
	if i.Holding != "" && !i.More {
		look = append(look, "tollgate hold list --limit "+i.Holding)
	}
	if !i.More && len(i.Channels) > 0 {
		look = append(look, fmt.Sprintf("tollgate explain --running --account %s --channel %s <number>", i.Account, i.Channels[0].Value))
	}
	return look
}

func (n *Incident) subject() string {
	i := &n.Incident
	what := "Incident opened"
	if n.Kind == incident.Closed {
		what = "Incident closed"
	}
	if i.More {
		return what + ": all further ones, too many to tell one by one"
	}
	return fmt.Sprintf("%s: %s, account %s", what, i.Rule, account(i.Account, i.Name))
}

// account is an account as people know it, with its ID.
func account(id, name string) string {
	if name == "" || name == id {
		return id
	}
	return strings.Map(printed, name) + " (" + id + ")"
}

func (n *Incident) text() string {
	i := &n.Incident
	lines := []string{n.subject()}
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	add("reason", i.Reason)
	add("limit", n.Limit)
	add("denied", counts(i))
	add("first", shown(i.First))
	if n.Kind == incident.Closed {
		add("last", shown(i.Last))
	}
	add("channel", i.Channels.String())
	add("territory", i.Territories.String())
	add("numbers", i.Numbers.String())
	add("seen", n.Seen)
	if len(i.Gates) > 1 {
		add("gates", strings.Join(i.Gates, ", "))
	}
	add("gate", n.Gate)
	add("look", strings.Join(n.look(), "\n      "))
	return strings.Join(lines, "\n")
}

// counts are how many requests were denied, and let through though they should not be.
func counts(i *incident.Incident) string {
	if i.Monitored == 0 {
		return fmt.Sprint(i.Denied)
	}
	return fmt.Sprintf("%d, and %d only recorded", i.Denied, i.Monitored)
}
