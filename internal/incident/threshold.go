package incident

import "time"

// Threshold is a step of a limit that notifies, which was reached.
type Threshold struct {
	// ID is the same for all gates that reach the step within one window.
	ID      string `json:"id"`
	Carrier string `json:"carrier"`
	// Account is that of the send which reached it, by its ID at the carrier, and Name its own.
	Account string `json:"account"`
	Name    string `json:"name,omitempty"`
	// Rule names the limit, which is Limit in words.
	Rule  string `json:"rule"`
	Limit string `json:"limit"`
	// Step is the step: "80%". Used is how much that is, in the unit of the limit.
	Step string `json:"step"`
	Used string `json:"reached"`
	// Values are those of the dimensions of the limit.
	Values  []DimensionValue `json:"values"`
	Channel string           `json:"channel"`
	At      time.Time        `json:"at"`
	// Until is when the step can be reached again.
	Until time.Time `json:"until"`
}

// DimensionValue is what a send has in a dimension of a limit.
type DimensionValue struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
}
