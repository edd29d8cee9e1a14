package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Sum is the SHA-256 digest of what a policy says, the same for every spelling and for any
// number of documents.
type Sum [sha256.Size]byte

// sum is that of documents without placeholders.
func sum(sources []Source) (Sum, error) {
	d := Merge(sources...)
	hash := sha256.New()
	if err := WriteJSON(hash, &d); err != nil {
		return Sum{}, fmt.Errorf("writing the policy: %w", err)
	}
	return Sum(hash.Sum(nil)), nil
}

// WriteJSON writes what json.Encoder does, account by account: the text of many accounts is
// never in memory as a whole.
func WriteJSON(w io.Writer, d *Document) error {
	head := *d
	if len(d.Accounts) > 0 {
		head.Accounts = []Account{}
	}
	text, err := json.Marshal(&head)
	if err != nil {
		return err
	}
	end := "\n"
	if len(d.Accounts) > 0 {
		text, end = bytes.TrimSuffix(text, []byte("]}")), "]}\n"
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	for i := range d.Accounts {
		text, err := json.Marshal(&d.Accounts[i])
		if err != nil {
			return err
		}
		if i > 0 {
			text = append([]byte(","), text...)
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, end)
	return err
}

// canonicalize writes the codes of territories in capitals, hosts in small letters and the
// names of headers as HTTP does, so that all spellings of a policy are one value. What is neither, such as a placeholder, it
// leaves alone. It changes only the list of ranges, which Merge made; all other lists belong
// to the documents that were merged, too, and those that change are replaced.
func canonicalize(d *Document) {
	d.URLHosts = canonicalHosts(d.URLHosts)
	if d.Default != nil {
		d.Default = &Default{
			Permissions: canonicalPermissions(d.Default.Permissions),
			Verify:      canonicalVerify(d.Default.Verify),
		}
	}
	for i := range d.Ranges {
		d.Ranges[i].Territory = canonicalCode(d.Ranges[i].Territory)
	}
	if d.Unsupported != nil {
		d.Unsupported = &Unsupported{
			Messaging: canonicalTerritories(d.Unsupported.Messaging),
			Voice:     canonicalTerritories(d.Unsupported.Voice),
			WhatsApp:  canonicalTerritories(d.Unsupported.WhatsApp),
			RCS:       canonicalTerritories(d.Unsupported.RCS),
		}
	}
	if d.ByRequest != nil {
		d.ByRequest = &ByRequest{Voice: canonicalTerritories(d.ByRequest.Voice)}
	}
	d.Limits = canonicalLimits(d.Limits)
	d.Accounts = canonicalAccounts(d.Accounts)
}

// canonicalAccounts is the list itself if nothing changes: a copy of many accounts takes as
// much memory again.
func canonicalAccounts(list []Account) []Account {
	changed := list
	for i := range list {
		account := list[i]
		canonicalizeAccount(&account)
		if reflect.DeepEqual(&account, &list[i]) {
			continue
		}
		if &changed[0] == &list[0] {
			changed = slices.Clone(list)
		}
		changed[i] = account
	}
	return changed
}

func canonicalizeAccount(a *Account) {
	a.Permissions = canonicalPermissions(a.Permissions)
	a.Verify = canonicalVerify(a.Verify)
	a.URLHosts = canonicalHosts(a.URLHosts)
	a.Home = canonicalCode(a.Home)
	a.Limits = canonicalLimits(a.Limits)
	a.Approved = slices.Clone(a.Approved)
	for i := range a.Approved {
		a.Approved[i].Territory = canonicalCode(a.Approved[i].Territory)
	}
	a.Openings = slices.Clone(a.Openings)
	for i := range a.Openings {
		a.Openings[i].Territory = canonicalCode(a.Openings[i].Territory)
	}
	if len(a.Senders) == 0 {
		return
	}
	senders := make(Senders, len(a.Senders))
	for name, permissions := range a.Senders {
		senders[name] = canonicalPermissions(permissions)
	}
	a.Senders = senders
}

func canonicalVerify(v *Verify) *Verify {
	if v == nil {
		return nil
	}
	verify := Verify(canonicalPermissions(Permissions(*v)))
	return &verify
}

func canonicalPermissions(p Permissions) Permissions {
	p.Messaging = canonicalTerritories(p.Messaging)
	p.WhatsApp, p.RCS = canonicalTerritories(p.WhatsApp), canonicalTerritories(p.RCS)
	if p.Voice != nil {
		p.Voice = &Voice{
			LowRisk:           canonicalTerritories(p.Voice.LowRisk),
			HighRiskSpecial:   canonicalTerritories(p.Voice.HighRiskSpecial),
			HighRiskTollFraud: canonicalTerritories(p.Voice.HighRiskTollFraud),
		}
	}
	return p
}

func canonicalTerritories(list Territories) Territories { return rewritten(list, canonicalCode) }

func canonicalHosts(list Hosts) Hosts {
	return rewritten(list, func(text string) string {
		if host, err := policy.ParseURLHost(text); err == nil {
			return host
		}
		return text
	})
}

func canonicalCode[T ~string](code T) T {
	if t, ok := numbering.ParseTerritory(string(code)); ok {
		return T(t.String())
	}
	if g, ok := numbering.ParseGroup(string(code)); ok {
		return T(g.Name)
	}
	return code
}

// rewritten is a list with each text rewritten: the list itself if nothing changes, which
// is most often the case.
func rewritten[L ~[]string](list L, rewrite func(string) string) L {
	changed := list
	for i, text := range list {
		again := rewrite(text)
		if again == text {
			continue
		}
		if &changed[0] == &list[0] {
			changed = slices.Clone(list)
		}
		changed[i] = again
	}
	return changed
}
