package config

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Compiled is a document as the rest of the gate needs it.
type Compiled struct {
	// Definition, whose revision is the beginning of the sum.
	Definition policy.Definition
	// Sum is of all that the documents state.
	Sum Sum
	// Ranges that extend the numbering plan.
	Ranges []numbering.Range
}

// Check names every mistake in a document, each where it was made. Values
// that hold a placeholder ("{env.X}") are not known yet and pass; so do
// references to what may be defined elsewhere, where more is to come.
func Check(source Source, more bool, carriers Carriers) error {
	c := newCompiler(carriers)
	c.placeholders, c.more = true, more
	c.sources([]Source{source})
	return c.problems.Err()
}

// Compile turns documents without placeholders into one definition, of which policy.New
// makes a policy, or names every mistake in them.
func Compile(carriers Carriers, sources ...Source) (Compiled, error) {
	c := newCompiler(carriers)
	c.compiled.Definition.IsService = serviceOf(carriers)
	c.compiled.Definition.Restrictions = carriers.Restrictions()
	c.sources(sources)
	if err := c.problems.Err(); err != nil {
		return Compiled{}, err
	}
	var err error
	if c.compiled.Sum, err = sum(sources); err != nil {
		return Compiled{}, err
	}
	c.compiled.Definition.Revision = hex.EncodeToString(c.compiled.Sum[:6])
	return c.compiled, nil
}

// Carriers is what must be known of the carriers that a policy is for.
type Carriers interface {
	policy.Identifiers

	// Names lists them, in order.
	Names() []string

	// Only are those with these names.
	Only(names ...string) Carriers

	// Restrictions are where they do not serve.
	Restrictions() policy.Restrictions

	// ReadSender returns the names of a sender at a carrier, the most exact first, as
	// address.Reader.ReadSender does.
	ReadSender(carrier, text string) []string

	// IsEmergency reports whether digits without "+" call for help, as they are dialled within
	// a country.
	IsEmergency(digits string) bool
}

// compiler walks documents once, checking and compiling each value as it comes
// to it.
type compiler struct {
	carriers Carriers
	// names of the carriers, and each by itself.
	names        []string
	only         map[string]Carriers
	placeholders bool
	// more says that other documents, which are not at hand, belong to this one.
	more bool
	// elsewhere finds the own ID of an account of another document by its id at a carrier,
	// nil if there is none.
	elsewhere func(policy.CarrierAccount) (id string, ok bool)

	// positions and written texts of the document that is being walked.
	positions decode.Places
	written   Written
	// origins says where each compiled account was stated.
	origins []origin
	// stated has the positions of the document in which what may be stated once was stated.
	stated map[string]decode.Places

	// shipped says that the operator has the limits that are shipped; nil if not.
	shipped *Limit

	// grants and voices are the sets that were compiled. Many accounts state few different
	// ones, and share them.
	grants map[policy.Grant]*policy.Grant
	voices map[[policy.ClassCount]policy.Grant]*[policy.ClassCount]policy.Grant

	compiled Compiled
	problems decode.Problems
}

func newCompiler(carriers Carriers) compiler {
	c := compiler{
		carriers: carriers,
		names:    carriers.Names(),
		only:     make(map[string]Carriers),
		grants:   make(map[policy.Grant]*policy.Grant),
		voices:   make(map[[policy.ClassCount]policy.Grant]*[policy.ClassCount]policy.Grant),
	}
	for _, name := range c.names {
		c.only[name] = carriers.Only(name)
	}
	return c
}

// origin is where an account was stated: its path, the positions and written texts of its
// document, and its senders as they were written, in the order of the compiled ones.
type origin struct {
	path      string
	senders   []string
	positions decode.Places
	written   Written
}

// id is the account that was stated there, as it may be shown.
func (o *origin) id(account string) string { return o.written.shown(o.path+".id", account) }

// problem adds a mistake in the value at a path.
func (c *compiler) problem(path, format string, arguments ...any) {
	c.problems.Add(decode.ProblemAt(c.positions, path, fmt.Sprintf(format, arguments...)))
}

// shown is a value at a path as an error may show it: one that a placeholder
// stands for, as it was written.
func (c *compiler) shown(path, value string) string { return c.written.shown(path, value) }

// opaque reports whether a value is not known yet.
func (c *compiler) opaque(value string) bool {
	return c.placeholders && strings.Contains(value, "{")
}

func (c *compiler) sources(sources []Source) {
	c.stated = make(map[string]decode.Places)
	for i := range sources {
		c.positions, c.written = sources[i].Positions, sources[i].Written
		c.document(&sources[i].Document)
	}
	if c.shipped != nil {
		definition := &c.compiled.Definition
		definition.Limits = append(definition.Limits, shippedBeside(definition.Limits, c.shipped)...)
	}
	c.openRestrictions()
	c.resolveParents()
	c.references()
}

// once records that a value is stated which only one document may state.
func (c *compiler) once(path string) {
	if first, twice := c.stated[path]; twice {
		c.problem(path, "%s is already stated %s", path, decode.InWords(first, path))
		return
	}
	c.stated[path] = c.positions
}

func (c *compiler) document(d *Document) {
	definition := &c.compiled.Definition
	if d.Observe.On {
		c.observe(c.turned("observe", d.Observe))
	}
	if d.National != "" {
		c.once("national")
	}
	switch {
	case d.National == "" || c.opaque(d.National):
	case d.National == strictly:
		definition.NationalStrict = true
	default:
		definition.National = c.national(d.National)
	}
	if d.Default != nil {
		c.once("default")
		p := c.permissions("default", &d.Default.Permissions)
		definition.Default = &p
		definition.Verify = c.verify("default.verify", d.Default.Verify)
	}
	if d.Stored != "" {
		c.once("stored")
		definition.Stored = c.choice("stored", d.Stored)
	}
	if d.UnscopedService != "" {
		c.once("unscoped_service")
		definition.UnscopedService = c.choice("unscoped_service", d.UnscopedService)
	}
	if d.MessagingSpecial != "" {
		c.once("messaging_special")
		definition.MessagingSpecial = c.choice("messaging_special", d.MessagingSpecial)
	}
	if d.Unallocated != nil {
		c.once("unallocated")
		definition.Unallocated = c.unallocated("unallocated", d.Unallocated)
	}
	if d.URLHosts != nil {
		c.once("url_hosts")
		definition.URLHosts = c.hosts("url_hosts", d.URLHosts)
	}
	if d.PriceLimit != nil {
		c.once("price_limit")
		definition.PriceLimit = c.priceLimit("price_limit", d.PriceLimit)
	}
	c.operatorLimits(d.Limits)
	if d.MaxCall != "" {
		c.once("max_call")
		definition.MaxCall = c.maxCall("max_call", d.MaxCall)
	}
	definition.Rules = append(definition.Rules, c.prefixes("prefixes", d.Prefixes)...)
	for i := range d.Ranges {
		c.numberRange(fmt.Sprintf("ranges[%d]", i), &d.Ranges[i])
	}
	if d.Unsupported != nil {
		c.territorySet("unsupported.messaging", d.Unsupported.Messaging, &definition.Unsupported[policy.Messaging])
		c.territorySet("unsupported.voice", d.Unsupported.Voice, &definition.Unsupported[policy.Voice])
		c.territorySet("unsupported.whatsapp", d.Unsupported.WhatsApp, &definition.Unsupported[policy.WhatsApp])
		c.territorySet("unsupported.rcs", d.Unsupported.RCS, &definition.Unsupported[policy.RCS])
	}
	if d.ByRequest != nil {
		c.territorySet("by_request.voice", d.ByRequest.Voice, &definition.ByRequest)
	}
	definition.Accounts = slices.Grow(definition.Accounts, len(d.Accounts))
	c.origins = slices.Grow(c.origins, len(d.Accounts))
	for i := range d.Accounts {
		c.account(fmt.Sprintf("accounts[%d]", i), &d.Accounts[i])
	}
}

// observe adds what one document states, which another may state as well.
func (c *compiler) observe(s policy.Switch) {
	definition := &c.compiled.Definition
	if !definition.Observe.On || definition.Observe != s {
		c.once("observe")
	}
	definition.Observe = s
}

func (c *compiler) account(path string, a *Account) {
	id, at := c.identity(path, a)
	compiled := policy.Account{
		ID:          id,
		At:          at,
		Parent:      c.parent(path+".parent", a.Parent),
		Label:       a.Label,
		Permissions: c.permissions(path, &a.Permissions),
		Verify:      c.verify(path+".verify", a.Verify),
		Controls:    c.controls(path+".control", a.Control),
		Choices: policy.Choices{
			Stored:           c.choice(path+".stored", a.Stored),
			UnscopedService:  c.choice(path+".unscoped_service", a.UnscopedService),
			MessagingSpecial: c.choice(path+".messaging_special", a.MessagingSpecial),
			Unallocated:      c.unallocated(path+".unallocated", a.Unallocated),
		},
		URLHosts:  c.hosts(path+".url_hosts", a.URLHosts),
		Limits:    c.accountLimits(path+".limits", a.Limits),
		MaxCall:   c.maxCall(path+".max_call", a.MaxCall),
		Suspended: c.turned(path+".suspended", a.Suspended),
		Monitor:   c.turned(path+".monitor", a.Monitor),
		Rules:     c.prefixes(path+".prefixes", a.Prefixes),
		Openings:  c.openings(path+".openings", a.Openings),
		Trial:     a.Trial != nil,
	}
	if a.PriceLimit != nil {
		compiled.PriceLimit = c.priceLimit(path+".price_limit", a.PriceLimit)
	}
	if a.Home != "" {
		compiled.Home = c.territory(path+".home", string(a.Home))
	} else if a.Trial != nil {
		c.problem(path+".trial", `a trial account needs to know where it is at home: add "home" and a territory`)
	}
	for i, number := range a.Trial {
		if digits, ok := c.prefix(fmt.Sprintf("%s.trial[%d]", path, i), number); ok {
			compiled.Verified = append(compiled.Verified, digits)
		}
	}
	carriers := c.carriersOf(at)
	for i, key := range a.Keys {
		compiled.Keys = append(compiled.Keys, c.key(carriers, fmt.Sprintf("%s.keys[%d]", path, i), key))
	}
	for i, credential := range a.Credentials {
		compiled.Credentials = append(compiled.Credentials, c.credential(carriers, fmt.Sprintf("%s.credentials[%d]", path, i), credential))
	}
	for i := range a.Approved {
		c.approval(fmt.Sprintf("%s.approved[%d]", path, i), &a.Approved[i], &compiled)
	}
	o := origin{path: path, positions: c.positions, written: c.written}
	for _, name := range slices.Sorted(maps.Keys(a.Senders)) {
		written := c.shown(path+".senders."+name, name)
		senders := c.senders(carriers, path+".senders."+written, name, written, a.Senders[name])
		compiled.Senders = append(compiled.Senders, senders...)
		o.senders = append(o.senders, slices.Repeat([]string{written}, len(senders))...)
	}
	c.compiled.Definition.Accounts = append(c.compiled.Definition.Accounts, compiled)
	c.origins = append(c.origins, o)
}

func (c *compiler) approval(path string, a *Approval, account *policy.Account) {
	t := c.territory(path+".territory", string(a.Territory))
	if a.Channel != policy.Voice.String() && !c.opaque(a.Channel) {
		c.problem(path+".channel", `only "voice" has territories by request, not %q`, c.shown(path+".channel", a.Channel))
	}
	if a.Reason == "" {
		c.problem(path, `an approval needs a reason: say in quotes where it is on record`)
	}
	account.Approved = append(account.Approved, policy.Approval{Territory: t, Reason: a.Reason})
}

// permissions compiles the permission sets at a path.
func (c *compiler) permissions(path string, p *Permissions) policy.Permissions {
	compiled := policy.Permissions{
		Messaging: c.statedGrant(path+".messaging", p.Messaging),
		WhatsApp:  c.statedGrant(path+".whatsapp", p.WhatsApp),
		RCS:       c.statedGrant(path+".rcs", p.RCS),
	}
	if p.Voice != nil {
		compiled.Voice = policy.Interned(c.voices, &[policy.ClassCount]policy.Grant{
			policy.LowRisk:           c.grant(path+".voice.low_risk", p.Voice.LowRisk),
			policy.HighRiskSpecial:   c.grant(path+".voice.high_risk_special", p.Voice.HighRiskSpecial),
			policy.HighRiskTollFraud: c.grant(path+".voice.high_risk_tollfraud", p.Voice.HighRiskTollFraud),
		})
	}
	return compiled
}

// strictly is the word for keeping every reading of a number without "+".
const strictly = "strict"

// national reads the country of senders whose own is unknown.
func (c *compiler) national(word string) numbering.Territory {
	if t, ok := numbering.ParseTerritory(word); ok && address.CountryOf(t).CallingCode() != "" {
		return t
	}
	hint := `: must be "strict" or the code of a country, such as GB`
	if near, ok := Nearest(word, []string{strictly}); ok {
		hint = `, did you mean "` + near + `"?`
	}
	c.problem("national", `unknown word %q after "national"%s`, c.shown("national", word), hint)
	return 0
}
