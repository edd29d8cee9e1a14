package review

import (
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Reviewed is a policy with the document that it was made of, where its values are, and what
// its carriers call risky.
type Reviewed struct {
	Side
	// Document is that which config.Merge makes of the sources, as it was written.
	Document config.Document
	// Sources have the positions of its values; none where they are not known.
	Sources []config.Source
	// HighRisk reports whether a carrier calls a territory risky on a channel, and where it
	// says so. Nil if none does.
	HighRisk func(policy.Channel, numbering.Territory) (source string, ok bool)
	// IsEmergency reports whether digits call for help, at one of the carriers. Nil if that
	// is not known.
	IsEmergency func(digits string) bool
}

// Place is where in a file something is stated, if that is known. Line and Column count
// from 1; 0 is unknown.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String is "file:line:column", or "" if the file is unknown.
func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return decode.Position(p).String()
}

// Warnings are those about rules that are wide or decide nothing at a time, and about named
// territories. The rules are those of Rules.
func (s *Reviewed) Warnings(rules []RuleReach, at time.Time) []Remark {
	return slices.Concat(WideRules(rules), s.DeadRules(at), s.EmergencyRules(), s.NamedTerritories())
}

// place is where the value at a path is stated.
func (s *Reviewed) place(path string) Place { return Place(config.Place(s.Sources, path)) }

// pathOf is the path of an element of a list.
func pathOf(list string, index int) string { return fmt.Sprintf("%s[%d]", list, index) }

// Remark is a mistake in a policy, or a warning: what it says that its author may not
// mean, though it is valid.
type Remark struct {
	Code RemarkCode `json:"code"`
	Place
	Text string `json:"text"`
}

// String is the text with its place.
func (w *Remark) String() string {
	if at := w.Place.String(); at != "" {
		return at + ": " + w.Text
	}
	return w.Text
}

// RemarkCode says what a remark is about.
type RemarkCode string

// The codes of remarks.
const (
	// Mistake is what makes a policy invalid.
	Mistake RemarkCode = "mistake"
	// OpenVoice is calls that are permitted without url_hosts.
	OpenVoice RemarkCode = "open_voice"
	// WideRule is a prefix rule that covers several territories, or allows one as a whole.
	WideRule RemarkCode = "wide_rule"
	// DeadRule is a prefix rule that decides nothing, or covers no listed number.
	DeadRule RemarkCode = "dead_rule"
	// EmergencyPrefix is a prefix rule that looks as if it were for an emergency number.
	EmergencyPrefix RemarkCode = "emergency_prefix"
	// NotServed is a territory that is named where the carrier does not serve it.
	NotServed RemarkCode = "not_served"
	// RiskyTerritory is a territory that is named where the carrier calls it risky.
	RiskyTerritory RemarkCode = "high_risk"
	// NotApproved is a territory by request that is named where that opens it to no one,
	// or not to all who inherit it.
	NotApproved RemarkCode = "not_approved"
	// EndedRule is a rule, or another statement, that no longer applies.
	EndedRule RemarkCode = "ended"
	// RCSNone is a set that closes RCS, and messages by messaging services with it.
	RCSNone RemarkCode = "rcs_none"
)
