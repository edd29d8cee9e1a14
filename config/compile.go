package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Compiled is a document as the rest of the gate needs it.
type Compiled struct {
	Definition policy.Definition
	// Ranges that extend the numbering plan.
	Ranges []numbering.Range
}

// Check names every mistake in a document, each where it was made. Values
// that hold a placeholder ("{env.X}") are not known yet and pass; so do
// references to what may be defined elsewhere, where more is to come.
func Check(source Source, more bool, senders SenderReader) error {
	c := compiler{senders: senders, placeholders: true, more: more}
	c.sources([]Source{source})
	return joinProblems(c.problems)
}

// Compile turns documents without placeholders into one definition, or names
// every mistake in them.
func Compile(senders SenderReader, sources ...Source) (Compiled, error) {
	c := compiler{senders: senders}
	c.sources(sources)
	return c.compiled, joinProblems(c.problems)
}

// SenderReader gives a sender the names it goes by, the most exact first, as
// numbering.Reader.ReadSender does.
type SenderReader func(text string) []string

// compiler walks documents once, checking and compiling each value as it comes
// to it.
type compiler struct {
	senders      SenderReader
	placeholders bool
	// more says that other documents, which are not at hand, belong to this one.
	more bool

	// positions of the document that is being walked.
	positions Positions
	// origins says where each compiled account was stated.
	origins []origin
	// stated says where what may be stated once was stated.
	stated map[string]string

	compiled Compiled
	problems []Problem
}

// origin is where an account was stated: its path, and the positions of its
// document.
type origin struct {
	path      string
	positions Positions
}

// problem notes a mistake in the value at a path.
func (c *compiler) problem(path, format string, arguments ...any) {
	c.problems = append(c.problems, Problem{path, c.positions.at(path), fmt.Sprintf(format, arguments...)})
}

// opaque tells whether a value is not known yet.
func (c *compiler) opaque(value string) bool {
	return c.placeholders && strings.Contains(value, "{")
}

func (c *compiler) sources(sources []Source) {
	c.stated = make(map[string]string)
	for i := range sources {
		c.positions = sources[i].Positions
		c.document(&sources[i].Document)
	}
	c.references()
}

// once notes that a value is stated which only one document may state.
func (c *compiler) once(path string) {
	if first, twice := c.stated[path]; twice {
		c.problem(path, "%s is stated twice, first %s", path, first)
		return
	}
	c.stated[path] = c.positions.place(path)
}

func (c *compiler) document(d *Document) {
	definition := &c.compiled.Definition
	definition.Observe = definition.Observe || d.Observe
	if d.National != "" {
		c.once("national")
	}
	switch {
	case d.National == "" || c.opaque(d.National):
	case d.National == "strict":
		definition.NationalStrict = true
	default:
		c.problem("national", `unknown word %q after "national"%s`, d.National, DidYouMean(d.National, []string{"strict"}))
	}
	if d.Default != nil {
		c.once("default")
		p := c.permissions("default", d.Default)
		definition.Default = &p
	}
	definition.Rules = append(definition.Rules, c.prefixes("prefixes", d.Prefixes)...)
	for i := range d.Ranges {
		c.numberRange(fmt.Sprintf("ranges[%d]", i), &d.Ranges[i])
	}
	if d.Unsupported != nil {
		c.territorySet("unsupported.messaging", d.Unsupported.Messaging, &definition.Unsupported[policy.Messaging])
		c.territorySet("unsupported.voice", d.Unsupported.Voice, &definition.Unsupported[policy.Voice])
	}
	if d.ByRequest != nil {
		c.territorySet("by_request.voice", d.ByRequest.Voice, &definition.ByRequest)
	}
	for i := range d.Accounts {
		c.account(fmt.Sprintf("accounts[%d]", i), &d.Accounts[i])
	}
}

func (c *compiler) account(path string, a *Account) {
	compiled := policy.Account{
		ID:          c.sid(path+".id", a.ID, "AC"),
		Name:        a.Name,
		Permissions: c.permissions(path, &a.Permissions),
		Suspended:   a.Suspended,
		Monitor:     a.Monitor,
		Rules:       c.prefixes(path+".prefixes", a.Prefixes),
		Trial:       a.Trial != nil,
	}
	if a.Parent != "" {
		compiled.Parent = c.sid(path+".parent", a.Parent, "AC")
	}
	if a.Home != "" {
		compiled.Home = c.territory(path+".home", a.Home)
	} else if a.Trial != nil {
		c.problem(path+".trial", `a trial account needs to know where it is at home: add "home" and a territory`)
	}
	for i, number := range a.Trial {
		if digits, ok := c.prefix(fmt.Sprintf("%s.trial[%d]", path, i), number); ok {
			compiled.Verified = append(compiled.Verified, digits)
		}
	}
	for i, key := range a.Keys {
		compiled.Keys = append(compiled.Keys, c.sid(fmt.Sprintf("%s.keys[%d]", path, i), key, "SK"))
	}
	for i := range a.Approved {
		c.approval(fmt.Sprintf("%s.approved[%d]", path, i), &a.Approved[i], &compiled)
	}
	spellings := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(a.Senders)) {
		permissions := a.Senders[name]
		c.sender(path+".senders."+name, name, &permissions, spellings, &compiled)
	}
	c.compiled.Definition.Accounts = append(c.compiled.Definition.Accounts, compiled)
	c.origins = append(c.origins, origin{path, c.positions})
}

func (c *compiler) approval(path string, a *Approval, account *policy.Account) {
	t := c.territory(path+".territory", a.Territory)
	if a.Channel != policy.Voice.String() && !c.opaque(a.Channel) {
		c.problem(path+".channel", `only "voice" has territories by request, not %q`, a.Channel)
	}
	if a.Reason == "" {
		c.problem(path, `an approval needs a reason: say in quotes where it is on record`)
	}
	account.Approved = append(account.Approved, policy.Approval{Territory: t, Reason: a.Reason})
}

// sender compiles one sender. Spellings holds the senders of the account that
// came before it, as somebody wrote them, by what they are.
func (c *compiler) sender(path, name string, p *Permissions, spellings map[string]string, account *policy.Account) {
	permissions := c.permissions(path, p)
	if c.opaque(name) {
		return
	}
	names := c.senders(name)
	if len(names) == 0 {
		c.problem(path, "a sender needs a name: a number, short code, alphanumeric sender or messaging service")
		return
	}
	if isBrokenSender(name) {
		c.problem(path, `%q is no sender: a messaging service is MG and 32 hexadecimal digits, a number of +1 has ten digits behind it`, name)
		return
	}
	if other, twice := spellings[names[0]]; twice {
		c.problem(path, "senders %q and %q are one and the same: define it once", other, name)
		return
	}
	spellings[names[0]] = name
	account.Senders = append(account.Senders, policy.Sender{ID: names[0], Permissions: permissions})
}

// brokenSender is what a mistyped sender looks like: a SID of the wrong length or
// kind (alphanumeric senders have 11 characters at most), or a number of +1 without its ten digits. It would match nothing, and
// what it was to narrow would stay wide.
var brokenSender = regexp.MustCompile(`(?i)^(MG|AC|SK)[0-9a-f]{10,}$|^\+1[0-9]*$`)

func isBrokenSender(name string) bool {
	if strings.HasPrefix(name, "+1") && len(name) == len("+1")+10 || policy.IsSID(name) && strings.EqualFold(name[:2], "MG") {
		return false
	}
	return brokenSender.MatchString(name)
}

// permissions compiles the permission sets at a path.
func (c *compiler) permissions(path string, p *Permissions) policy.Permissions {
	var compiled policy.Permissions
	if p.Messaging != nil {
		grant := c.grant(path+".messaging", p.Messaging)
		compiled.Messaging = &grant
	}
	if p.Voice != nil {
		compiled.Voice = &[policy.ClassCount]policy.Grant{
			policy.LowRisk:           c.grant(path+".voice.low_risk", p.Voice.LowRisk),
			policy.HighRiskSpecial:   c.grant(path+".voice.high_risk_special", p.Voice.HighRiskSpecial),
			policy.HighRiskTollFraud: c.grant(path+".voice.high_risk_tollfraud", p.Voice.HighRiskTollFraud),
		}
	}
	return compiled
}

// grant compiles a list of territories, in which "*" stands for all of them.
func (c *compiler) grant(path string, list Territories) policy.Grant {
	var grant policy.Grant
	for i, code := range list {
		if code == "*" {
			for t := range numbering.AllTerritories() {
				grant.Set.Add(t)
			}
			continue
		}
		if t := c.territory(fmt.Sprintf("%s[%d]", path, i), code); t != 0 {
			grant.Set.Add(t)
			grant.Outright.Add(t)
		}
	}
	return grant
}

// territorySet compiles a list that is nil if it was not stated.
func (c *compiler) territorySet(path string, list Territories, set **policy.Set) {
	if list == nil {
		return
	}
	c.once(path)
	grant := c.grant(path, list)
	*set = &grant.Set
}

func (c *compiler) territory(path, code string) numbering.Territory {
	t, ok := numbering.ParseTerritory(code)
	switch {
	case ok || c.opaque(code):
	case code == "*":
		c.problem(path, `"*" is every territory: name the one that is meant`)
	case strings.EqualFold(code, "none") && strings.HasSuffix(path, "]"):
		c.problem(path, `"none" stands alone: write no other territory beside it (in JSON, none is [])`)
	case strings.EqualFold(code, "none"):
		c.problem(path, `"none" is no territory: name the one that is meant`)
	case strings.EqualFold(code, "all") || strings.EqualFold(code, "any"):
		c.problem(path, `unknown territory %q, did you mean "*"?`, code)
	case strings.ContainsAny(code, ",;"):
		c.problem(path, "unknown territory %q: write each by itself, without a comma", code)
	default:
		message := fmt.Sprintf("unknown territory %q", code)
		if near := numbering.NearestTerritory(code); near != "" {
			message += fmt.Sprintf(", did you mean %q?", near)
		} else {
			message += `: write an ISO 3166 code such as "US", or a calling code of no country such as "+881"`
		}
		c.problem(path, "%s", message)
	}
	return t
}

func (c *compiler) prefixes(path string, list []Prefix) []policy.Rule {
	var rules []policy.Rule
	for i := range list {
		if rule, ok := c.rule(fmt.Sprintf("%s[%d]", path, i), &list[i]); ok {
			rules = append(rules, rule)
		}
	}
	return rules
}

func (c *compiler) rule(path string, p *Prefix) (policy.Rule, bool) {
	before := len(c.problems)
	rule := policy.Rule{Block: p.Block != "", Reason: p.Reason}
	switch {
	case p.Block != "" && p.Allow != "":
		c.problem(path, "a prefix is either blocked or allowed: write two rules")
	case p.Block != "":
		rule.Prefix, _ = c.prefix(path+".block", p.Block)
	case p.Allow != "":
		rule.Prefix, _ = c.prefix(path+".allow", p.Allow)
	default:
		c.problem(path, `a rule needs a prefix to "block" or to "allow"`)
	}
	if p.Reason == "" {
		c.problem(path, "a rule needs a reason: say in quotes why it is there")
	}
	if p.Channel != "" && !c.opaque(p.Channel) {
		if channel, ok := policy.ParseChannel(p.Channel); ok {
			rule.Channel = &channel
		} else {
			c.problem(path+".channel", "unknown channel %q%s", p.Channel, DidYouMean(p.Channel, []string{"messaging", "voice"}))
		}
	}
	if p.Until != "" && !c.opaque(p.Until) {
		until, err := parseUntil(p.Until)
		if err != nil {
			c.problem(path+".until", "%v", err)
		}
		rule.Until = until
	}
	return rule, len(c.problems) == before
}

// parseUntil reads a date, which ends at 00:00 UTC of that day, or a time.
func parseUntil(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf(`cannot read %q as a date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`, text)
	}
	return t.UTC(), nil
}

// prefix reads "+" and digits.
func (c *compiler) prefix(path, text string) (digits string, ok bool) {
	digits, plus := strings.CutPrefix(text, "+")
	valid := plus && len(digits) >= 1 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
	if !valid && !c.opaque(text) {
		c.problem(path, `%q is no number and no beginning of one: write "+", the calling code and the digits behind it, 15 in all at most, without spaces`, text)
	}
	return digits, valid
}

func (c *compiler) numberRange(path string, r *Range) {
	before := len(c.problems)
	digits, _ := c.prefix(path+".prefix", r.Prefix)
	t := c.territory(path+".territory", r.Territory)
	class := policy.LowRisk
	if r.Class != "" && !c.opaque(r.Class) {
		var ok bool
		if class, ok = policy.ParseClass(r.Class); !ok {
			c.problem(path+".class", "unknown risk class %q%s", r.Class, DidYouMean(r.Class, Classes()))
		}
	}
	if len(c.problems) == before && t != 0 {
		c.compiled.Ranges = append(c.compiled.Ranges,
			numbering.Range{Prefix: digits, Territory: t, Kinds: numbering.Kinds(policy.KindOf(class))})
	}
}

// Classes lists the risk classes as documents spell them.
func Classes() []string {
	var names []string
	for class := range policy.ClassCount {
		names = append(names, class.String())
	}
	return names
}

// sid reads a SID of a kind, such as "AC".
func (c *compiler) sid(path, text, kind string) string {
	sid := policy.CanonicalSID(text)
	if c.opaque(text) || policy.IsSID(sid) && strings.HasPrefix(sid, kind) {
		return sid
	}
	what := map[string]string{"AC": "an account", "SK": "an API key"}[kind]
	if text == "" {
		c.problem(path, "%s is missing: write %s and 32 hexadecimal digits", what, kind)
		return ""
	}
	c.problem(path, "%q is not the SID of %s: write %s and 32 hexadecimal digits", text, what, kind)
	return ""
}
