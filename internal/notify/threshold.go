package notify

import (
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/incident"
)

// Threshold is what is told of a threshold that was reached.
type Threshold struct {
	incident.Threshold
	// Gate is the name of the host that tells it.
	Gate string
}

type thresholdData struct {
	incident.Threshold
	Gate string   `json:"gate"`
	Look []string `json:"look"`
}

// Notice is the threshold as it is delivered.
func (n *Threshold) Notice() *Notice {
	return &Notice{
		ID: "threshold-" + n.ID, Kind: incident.Reached, At: n.At, Gate: n.Gate, Subject: n.subject(), Text: n.text(),
		Body: body(incident.Reached, n.At, thresholdData{n.Threshold, n.Gate, n.look()}),
	}
}

func (n *Threshold) look() []string {
	return []string{"tollgate explain --running --account " + n.Account + " --channel " + n.Channel + " <number>"}
}

func (n *Threshold) subject() string {
	return "Threshold reached: " + n.Step + " of " + n.Rule + ", account " + account(n.Account, n.Name)
}

func (n *Threshold) text() string {
	lines := []string{n.subject(), "limit: " + n.Limit, "reached: " + n.Used}
	for _, value := range n.Values {
		if value.Value != n.Account {
			lines = append(lines, value.Dimension+": "+strings.Map(printed, value.Value))
		}
	}
	return strings.Join(append(lines, "at: "+shown(n.At), "gate: "+n.Gate, "look: "+strings.Join(n.look(), "\n      ")), "\n")
}
