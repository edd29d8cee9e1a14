package review

import (
	"io"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// WriteReport writes a report for people: what is not as required, by account, with what
// destinations have in common said once.
func WriteReport(w io.Writer, r *Report) error {
	var p page
	switch {
	case r.Required == 0 && len(r.Excess) == 0:
		p.line("NOTHING REQUIRED")
	case len(r.Missing) == 0 && len(r.Excess) > 0:
		p.line("TOO MUCH ENABLED  %d that are not required, and all %d that are", len(r.Excess), r.Required)
	case len(r.Missing) == 0:
		p.line("ENABLED  all %d that are required", r.Required)
	default:
		p.line("NOT ENABLED  %d of %d that are required", len(r.Missing), r.Required)
	}
	p.line("  %s, policy %s", when(r.At), r.Policy)
	p.findings(r.Missing)
	if len(r.Excess) > 0 {
		p.line("")
		p.line("ENABLED WITHOUT NEED  %d", len(r.Excess))
		p.findings(r.Excess)
	}
	return p.writeTo(w)
}

// heading names the account of a finding.
func (f *Finding) heading() string {
	if f.Account == Unnamed {
		return "accounts that the policy does not name"
	}
	return whose(f.Account, f.Name, f.Label)
}

// findings writes together the findings that differ only in their destination.
func (p *page) findings(findings []Finding) {
	destinations := make(map[Finding][]string)
	var order []Finding
	for _, f := range findings {
		destination := f.Destination
		f.Destination = ""
		if destinations[f] == nil {
			order = append(order, f)
		}
		destinations[f] = append(destinations[f], destination)
	}
	var account policy.CarrierAccount
	for _, f := range order {
		if of := (policy.CarrierAccount{Carrier: f.Carrier, ID: f.Account}); of != account {
			account = of
			p.line("")
			p.line("%s", f.heading())
		}
		what := strings.TrimSpace(f.Channel + " " + f.Class)
		if f.Sender != "" {
			what += " from sender " + f.Sender
		}
		p.wrapped("  "+what+"  ", listed(destinations[f], "destinations"))
		why := string(f.Reason)
		if f.Verdict == "monitor" {
			why += ", recorded and let through"
		}
		if f.Rule != "" {
			why += " (" + f.Rule + ")"
		}
		p.wrapped("    ", why)
	}
}
