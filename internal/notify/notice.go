package notify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// Notice is what is told of an incident.
type Notice struct {
	incident.Change
	// At is when it happened.
	At time.Time
	// Gate is the name of the host that tells it.
	Gate string
	// Limit is the limit in words, or empty: "20 sends within 1h per account, block:3".
	Limit string
	// Seen says which numbers what is held was sent to, or is empty: "38 numbers, 1000 to 1039 in a row".
	Seen string
}

// ID is the same however often the notice is sent.
func (n *Notice) ID() string {
	_, verb, _ := strings.Cut(string(n.Kind), ".")
	return "incident-" + n.Incident.ID + "-" + verb
}

// payload is the body of a webhook, as of Standard Webhooks: type, timestamp and data
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
type payload struct {
	Type      incident.Kind `json:"type"`
	Timestamp time.Time     `json:"timestamp"`
	Data      data          `json:"data"`
}

type data struct {
	incident.Incident
	Gate  string   `json:"gate"`
	Limit string   `json:"limit,omitempty"`
	Seen  string   `json:"seen,omitempty"`
	Look  []string `json:"look"`
}

// JSON is the notice as systems read it.
func (n *Notice) JSON() ([]byte, error) {
	return json.Marshal(payload{n.Kind, n.At.UTC(), data{n.Incident, n.Gate, n.Limit, n.Seen, n.Look()}})
}

// Look are the commands that show more.
func (n *Notice) Look() []string {
	look, i := []string{"tollgate incident list"}, &n.Incident
	if i.Holding != "" && !i.More {
		look = append(look, "tollgate hold list --limit "+i.Holding)
	}
	if !i.More && len(i.Channels) > 0 {
		look = append(look, fmt.Sprintf("tollgate explain --running --account %s --channel %s <number>", i.Account, i.Channels[0].Value))
	}
	return look
}

// Subject is the notice in one line.
func (n *Notice) Subject() string {
	i := &n.Incident
	what := "Incident opened"
	if n.Kind == incident.Closed {
		what = "Incident closed"
	}
	if i.More {
		return what + ": all further ones, too many to tell one by one"
	}
	return fmt.Sprintf("%s: %s, account %s", what, i.Rule, account(i))
}

// account is the account as people know it, with its ID.
func account(i *incident.Incident) string {
	if i.Name == "" || i.Name == i.Account {
		return i.Account
	}
	return strings.Map(printed, i.Name) + " (" + i.Account + ")"
}

// printed is a character as it is told: a name makes no lines of its own, and turns none around.
func printed(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// Text is the notice in a few lines.
func (n *Notice) Text() string {
	i := &n.Incident
	lines := []string{n.Subject()}
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
	add("gate", n.Gate)
	add("look", strings.Join(n.Look(), "\n      "))
	return strings.Join(lines, "\n")
}

// counts are how many requests were denied, and let through though they should not be.
func counts(i *incident.Incident) string {
	if i.Monitored == 0 {
		return fmt.Sprint(i.Denied)
	}
	return fmt.Sprintf("%d, and %d only recorded", i.Denied, i.Monitored)
}

func shown(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }
