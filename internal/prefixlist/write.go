package prefixlist

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
)

// Comments are lines of comments, in either spelling of a policy: what was imported, and
// what is to be known of it.
func (l *List) Comments(title string) string {
	notes := make([]string, len(l.Notes))
	for i, n := range l.Notes {
		notes[i] = n.String()
	}
	return Comments(title, notes)
}

// Comments are a title and notes as lines of comments.
func Comments(title string, notes []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", plain(title))
	for _, note := range notes {
		fmt.Fprintf(&b, "# %s\n", plainLine(note))
	}
	return b.String()
}

// plainLine is a text in one line, with nothing in it that a terminal or a parser acts on.
func plainLine(text string) string {
	quoted := fmt.Sprintf("%q", text)
	text = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	return strings.NewReplacer(`\\`, `\`, "{", "(", "}", ")").Replace(text)
}

// WriteCaddyfile writes a document as the global block of a Caddyfile. Of an account it has the
// label, the parent, messaging, voice, approvals and rules, whose texts are plain.
func WriteCaddyfile(d *config.Document) string {
	var b strings.Builder
	b.WriteString("{\n\ttollgate {\n")
	if d.Default != nil {
		b.WriteString("\t\tdefault {\n")
		writeSet(&b, &d.Default.Permissions, "\t\t\t")
		b.WriteString("\t\t}\n")
	}
	writeRules(&b, d.Prefixes, "\t\t")
	for i := range d.Accounts {
		a := &d.Accounts[i]
		label := ""
		if a.Label != "" {
			label = ` "` + a.Label + `"`
		}
		fmt.Fprintf(&b, "\t\taccount %s%s {\n", a.ID, label)
		if a.Parent != "" {
			fmt.Fprintf(&b, "\t\t\tparent %s\n", a.Parent)
		}
		writeSet(&b, &a.Permissions, "\t\t\t")
		for _, approval := range a.Approved {
			fmt.Fprintf(&b, "\t\t\tapproved %s %s %q\n", approval.Territory, approval.Channel, approval.Reason)
		}
		writeRules(&b, a.Prefixes, "\t\t\t")
		b.WriteString("\t\t}\n")
	}
	b.WriteString("\t}\n}\n")
	return b.String()
}

// writeSet writes the sets that are stated; an empty one is "none".
func writeSet(b *strings.Builder, p *config.Permissions, indent string) {
	write := func(words string, list config.Territories) {
		switch {
		case list == nil:
		case len(list) == 0:
			fmt.Fprintf(b, "%s%s none\n", indent, words)
		default:
			fmt.Fprintf(b, "%s%s %s\n", indent, words, strings.Join(list, " "))
		}
	}
	write("messaging", p.Messaging)
	if p.Voice != nil {
		write("voice low_risk", p.Voice.LowRisk)
		write("voice high_risk_special", p.Voice.HighRiskSpecial)
		write("voice high_risk_tollfraud", p.Voice.HighRiskTollFraud)
	}
}

// writeRules writes a rule a line. Reasons are plain texts.
func writeRules(b *strings.Builder, rules []config.Prefix, indent string) {
	for i := range rules {
		r := &rules[i]
		words := []string{"block", r.Block}
		if r.Allow != "" {
			words = []string{"allow", r.Allow}
		}
		if r.Channel != "" {
			words = append(words, r.Channel)
		}
		words = append(words, `"`+r.Reason+`"`)
		if len(r.Except) > 0 {
			words = append(append(words, "except"), r.Except...)
		}
		if r.From != "" {
			words = append(words, "from", r.From)
		}
		if r.Until != "" {
			words = append(words, "until", r.Until)
		}
		fmt.Fprintf(b, "%s%s\n", indent, strings.Join(words, " "))
	}
}
