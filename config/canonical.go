package config

import (
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Canonicalize writes the codes of territories in capitals and hosts in small
// letters, wherever they may stand, so that all spellings of a policy are one
// value. What is neither, such as a placeholder, it leaves alone.
func Canonicalize(d *Document) {
	canonicalizeHosts(d.URLHosts)
	if d.Default != nil {
		canonicalizePermissions(&d.Default.Permissions)
		canonicalizePermissions((*Permissions)(d.Default.Verify))
	}
	for i := range d.Ranges {
		canonicalizeCode(&d.Ranges[i].Territory)
	}
	if d.Unsupported != nil {
		canonicalizeList(d.Unsupported.Messaging)
		canonicalizeList(d.Unsupported.Voice)
	}
	if d.ByRequest != nil {
		canonicalizeList(d.ByRequest.Voice)
	}
	for i := range d.Accounts {
		a := &d.Accounts[i]
		canonicalizePermissions(&a.Permissions)
		canonicalizePermissions((*Permissions)(a.Verify))
		canonicalizeHosts(a.URLHosts)
		canonicalizeCode(&a.Home)
		for j := range a.Approved {
			canonicalizeCode(&a.Approved[j].Territory)
		}
		for _, permissions := range a.Senders {
			canonicalizePermissions(&permissions) // its lists are shared with the copy in the map
		}
	}
}

func canonicalizePermissions(p *Permissions) {
	if p == nil {
		return
	}
	canonicalizeList(p.Messaging)
	if p.Voice != nil {
		canonicalizeList(p.Voice.LowRisk)
		canonicalizeList(p.Voice.HighRiskSpecial)
		canonicalizeList(p.Voice.HighRiskTollFraud)
	}
}

func canonicalizeList(list Territories) {
	for i := range list {
		canonicalizeCode(&list[i])
	}
}

func canonicalizeHosts(list Hosts) {
	for i := range list {
		if host, err := policy.ParseURLHost(list[i]); err == nil {
			list[i] = host
		}
	}
}

func canonicalizeCode(code *string) {
	if t, ok := numbering.ParseTerritory(*code); ok {
		*code = t.String()
	}
}
