package reload

import (
	"fmt"
	"strings"
)

// maxNamed is how many accounts a warning names.
const maxNamed = 3

// Warnings are what a policy leaves open that its author may not know of.
func (p *Loaded) Warnings() []string {
	open := p.Snapshot.OpenVoice()
	if len(open) == 0 {
		return nil
	}
	var named []string
	for _, account := range open[:min(len(open), maxNamed)] {
		switch label := p.Snapshot.Label(account); {
		case account == "":
			named = append(named, "any unnamed account")
		case label != "":
			named = append(named, fmt.Sprintf("%s %q", account, label))
		default:
			named = append(named, account)
		}
	}
	list := strings.Join(named, ", ")
	if more := len(open) - len(named); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return []string{"calls are permitted without url_hosts (" + list + "): " +
		"the carrier dials whatever the answer to a call's URL says, wherever the URL leads, and the gate does not see it; " +
		`state the hosts of such URLs, or "url_hosts *" if any host is meant`}
}
