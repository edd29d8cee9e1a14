package policy_test

import (
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// This file is the verdict a second time: slow, in lists of strings, and in
// the order in which the design states it. It shares no code with Judge, so
// that a mistake has to be made twice to go unseen. If the two differ, the
// design's text decides which one is wrong.

// A book is a policy as it was written, in words.
type book struct {
	observe     bool
	ends        time.Time // when it observes no longer; zero: never
	def         *permits  // nil: there is no default
	rules       []rule
	unsupported [policy.ChannelCount][]string // nil: the built-in list
	byRequest   []string                      // nil: the built-in list
	verify      permits                       // the default for verifications
	choices
	urlHosts []string // nil: not stated
	accounts []account
}

// permits are permission sets: lists of territories, or "*" for all of them.
// In each, nil is "not stated" and an empty list is "none".
type permits struct {
	messaging, whatsApp, rcs []string
	voice                    [][]string // by class; classes beyond the end are none
}

// choices are "allow", "deny", or empty: not stated.
type choices struct {
	stored, unscopedService, messagingSpecial string
	unallocated                               [policy.ChannelCount]string // "monitor", too
}

type account struct {
	id, parent string
	// at has its ids by carrier; nil: its id is that at Twilio.
	at map[string]string
	permits
	verify permits
	choices
	control  []string // nil: not stated
	urlHosts []string // nil: not stated
	// keys, clients and digests of tokens.
	credentials []string
	home        string
	trial       bool
	verified    []string
	suspended   bool
	monitor     bool
	ends        time.Time // when it is neither suspended nor monitored any more
	rules       []rule
	openings    []opening
	approved    []string
	senders     []sender
}

type sender struct {
	id string
	permits
}

type rule struct {
	block   bool
	prefix  string
	channel string // empty: all
	from    time.Time
	until   time.Time
	except  []string
}

// An opening opens a territory, or a prefix if that is stated.
type opening struct {
	territory, prefix string
	channel           string // empty: all
	class             policy.Class
	acknowledged      bool
	from, until       time.Time
}

// An intent is a send, in words.
type intent struct {
	carrier           string // empty: Twilio
	account           string // in the path; empty: it names none
	credential, token string
	site              string // the account of requests that name none
	channel           policy.Channel
	meaning           address.Meaning
	numbers           []number
	senders           []string
	verification      bool
	// Instead of a destination: to what was stored, a change of this, or where
	// the carrier is led.
	stored  bool
	control string
	url     string
}

type number struct {
	digits      string
	territories []string
	any         bool
	kinds       []numbering.Kind
	unlisted    bool
	impossible  bool
}

// An answer is what the design says about an intent.
type answer struct {
	outcome   policy.Outcome
	reason    policy.Reason
	territory string // empty: the design does not say which one is named
	class     policy.Class
	unlisted  bool
	recorded  bool // monitored by choice
}

// A payer is the account that an intent belongs to, with those above it, the
// nearest first. Accounts are one level deep; only an account that the policy does not name,
// under the credential of a subaccount, has two above it.
type payer struct {
	account
	above   []*account
	unknown bool // of no account that the policy knows
}

func (b *book) account(id string) *account {
	for i := range b.accounts {
		if b.accounts[i].id == id {
			return &b.accounts[i]
		}
	}
	return nil
}

// idAt is the id of an account at a carrier, or nothing.
func (a *account) idAt(carrier string) string {
	switch {
	case a.at != nil:
		return a.at[carrier]
	case carrier == "twilio":
		return a.id
	default:
		return ""
	}
}

// carrierName is the carrier that an intent is to.
func (in intent) carrierName() string {
	if in.carrier == "" {
		return "twilio"
	}
	return in.carrier
}

// accountAt is the account that has an id at a carrier, or nil.
func (b *book) accountAt(carrier, id string) *account {
	for i := range b.accounts {
		if id != "" && b.accounts[i].idAt(carrier) == id {
			return &b.accounts[i]
		}
	}
	return nil
}

// holder is the account that the credential of an intent belongs to, by its id at the
// carrier, or nothing: the one that lists the token, else the one that lists the key or
// client, else the one that it is itself.
func (b *book) holder(in intent) string {
	for _, name := range []string{in.token, in.credential} {
		for _, a := range b.accounts {
			if id := a.idAt(in.carrierName()); id != "" && slices.Contains(a.credentials, name) {
				return id
			}
		}
	}
	if strings.HasPrefix(in.credential, "AC") {
		return in.credential
	}
	return ""
}

// identityError is why it is unknown whose an intent is, or nothing.
func (b *book) identityError(in intent) policy.Reason {
	holder := b.holder(in)
	if in.account == "" && holder == "" && in.site == "" {
		return policy.CredentialUnknown
	}
	a, c := b.accountAt(in.carrierName(), in.account), b.accountAt(in.carrierName(), holder)
	if a == nil || c == nil {
		return "" // of what is not named, nothing is known
	}
	reached := []string{c.id}
	for _, child := range b.accounts {
		if child.parent == c.id {
			reached = append(reached, child.id)
		}
	}
	if !slices.Contains(reached, a.id) {
		return policy.CredentialForeign
	}
	return ""
}

func (b *book) payer(in intent) *payer {
	id, holder := in.account, b.holder(in)
	if id == "" {
		id = holder
	}
	if id == "" {
		id = in.site
	}
	if a := b.accountAt(in.carrierName(), id); a != nil {
		return &payer{account: *a, above: b.above(a)}
	}
	if c := b.accountAt(in.carrierName(), holder); c != nil {
		return &payer{account: account{id: id, monitor: c.monitor}, above: append([]*account{c}, b.above(c)...)}
	}
	return &payer{account: account{id: id}, unknown: true}
}

// above lists the parent of an account, if it has one.
func (b *book) above(a *account) []*account {
	if parent := b.account(a.parent); parent != nil {
		return []*account{parent}
	}
	return nil
}

// at is the book without what has ended.
func (b *book) at(now time.Time) *book {
	over := func(ends time.Time) bool { return !ends.IsZero() && !now.Before(ends) }
	current := *b
	current.observe = b.observe && !over(b.ends)
	current.accounts = slices.Clone(b.accounts)
	for i := range current.accounts {
		if a := &current.accounts[i]; over(a.ends) {
			a.suspended, a.monitor = false, false
		}
	}
	return &current
}

// judge is the whole verdict.
func (b *book) judge(in intent, now time.Time) answer {
	b = b.at(now)
	a := b.judgeIntent(in, now)
	if b.observe && a.outcome == policy.Deny {
		a.outcome = policy.Monitor
	}
	return a
}

func (b *book) judgeIntent(in intent, now time.Time) answer {
	p := b.payer(in)
	if in.url != "" && !b.restrictsURLs(p, b.identityError(in) != "") {
		return answer{}
	}

	// A call for help passes, from any account; a code read out is not one.
	toHelp := in.meaning == address.Emergency && in.control == "" && !in.stored && in.url == ""
	if toHelp && !in.verification {
		return answer{reason: policy.EmergencyCall}
	}

	// Before all steps: whose it is.
	if reason := b.identityError(in); reason != "" {
		return p.deny(reason)
	}

	// Step 1.
	if p.suspended || slices.ContainsFunc(p.above, func(a *account) bool { return a.suspended }) {
		return p.deny(policy.AccountSuspended)
	}

	switch {
	case in.control != "":
		return p.judgeControl(in.control)
	case in.stored:
		return b.judgeStored(p)
	case in.url != "":
		return b.judgeURL(p, in.url)
	}

	// Step 2. Who sends is of no interest where nothing can be charged.
	switch in.meaning {
	case address.Missing:
		return answer{reason: policy.NoDestination}
	case address.NotANumber:
		return answer{reason: policy.NotANumber}
	case address.Emergency:
		return answer{reason: policy.EmergencyCall}
	}
	if p.unknown && b.def == nil {
		return p.deny(policy.AccountUnknown)
	}
	if in.meaning == address.Unreadable {
		return p.deny(policy.DestinationUnreadable)
	}
	a := b.judgeNumbers(p, in, now)
	about := []policy.Reason{
		policy.Unsupported, policy.ByRequest, policy.TerritoryNotEnabled, policy.ClassNotEnabled, policy.UnallocatedRange,
		policy.TrialRestricted, policy.SenderNotEnabled,
	}
	possible := slices.ContainsFunc(in.numbers, func(n number) bool { return !n.impossible })
	if !possible && !a.recorded && slices.Contains(about, a.reason) {
		return answer{outcome: a.outcome, reason: policy.ImpossibleNumber}
	}
	return a
}

// judgeNumbers judges every number that a destination can mean.
func (b *book) judgeNumbers(p *payer, in intent, now time.Time) answer {

	// Every number must be allowed. What is really refused goes before what
	// is only recorded; otherwise the first number decides.
	var answers []answer
	for _, n := range in.numbers {
		a := b.judgeNumber(p, in, n, now)
		a.unlisted = n.unlisted
		answers = append(answers, a)
	}
	for _, outcome := range []policy.Outcome{policy.Deny, policy.Monitor} {
		for _, a := range answers {
			if a.outcome == outcome && !a.recorded {
				return a
			}
		}
	}
	for _, a := range answers {
		if a.recorded {
			return a
		}
	}
	return answers[0]
}

// judgeControl goes by the first list that is stated, whatever is in it.
func (p *payer) judgeControl(control string) answer {
	for _, a := range p.line() {
		if a.control != nil {
			if slices.Contains(a.control, control) {
				return answer{reason: policy.ControlAllowed}
			}
			break
		}
	}
	return p.deny(policy.ControlDenied)
}

func (b *book) judgeStored(p *payer) answer {
	if p.unknown && b.def == nil {
		return p.deny(policy.AccountUnknown)
	}
	if b.chosen(p, func(c choices) string { return c.stored }) == "deny" {
		return p.deny(policy.StoredDenied)
	}
	return answer{reason: policy.StoredTarget}
}

// chosen is the account's own choice, else its parent's, else the operator's.
func (b *book) chosen(p *payer, about func(choices) string) string {
	for _, a := range p.line() {
		if c := about(a.choices); c != "" {
			return c
		}
	}
	return about(b.choices)
}

// line is the account and those above it.
func (p *payer) line() []*account { return append([]*account{&p.account}, p.above...) }

// deny is a denial, or what becomes of it for an account that is monitored.
func (p *payer) deny(reason policy.Reason) answer {
	hard := []policy.Reason{policy.CredentialUnknown, policy.CredentialForeign, policy.AccountSuspended, policy.AccountUnknown, policy.PrefixBlocked, policy.ControlDenied}
	if p.monitor && !slices.Contains(hard, reason) {
		return answer{outcome: policy.Monitor, reason: reason}
	}
	return answer{outcome: policy.Deny, reason: reason}
}

func (b *book) judgeNumber(p *payer, in intent, n number, now time.Time) answer {
	// Messages have no classes: all of them are the first one.
	classes := []policy.Class{policy.LowRisk}
	if in.channel == policy.Voice {
		classes = classesOf(n.kinds)
	}
	deny := func(reason policy.Reason, territory string, class policy.Class) answer {
		a := p.deny(reason)
		a.class = class
		if reason == policy.TrialRestricted {
			// A trial is as much about class and number as about territory.
			territory = n.territories[0]
		}
		if !n.any {
			a.territory = territory
		}
		return a
	}
	riskiest := classes[len(classes)-1]

	if len(n.territories) == 0 {
		return deny(policy.UnassignedCode, "", riskiest)
	}

	// Step 3: each level is judged alone.
	global := decidingRule(b.rules, n.digits, in.channel, now)
	own := decidingRule(p.rules, n.digits, in.channel, now)
	levels := []*rule{global, own}
	allowed := global != nil || own != nil
	set, stated, owner := b.inForce(p, in)
	inherits := owner != &p.account
	for _, a := range p.above {
		r := decidingRule(a.rules, n.digits, in.channel, now)
		levels = append(levels, r)
		// An allow from above reaches only those that inherit the channel.
		allowed = allowed || r != nil && inherits
		inherits = inherits && owner != a
	}
	for _, r := range levels {
		if r != nil && r.block {
			return deny(policy.PrefixBlocked, n.territories[0], riskiest)
		}
	}

	// The steps that ask about territories, each for one of them alone.
	type step func(territory string) (policy.Reason, policy.Class)
	// together makes each part a step of its own, that all territories must pass
	// before the next. Where one of them is enough, the parts are one step: each
	// territory is asked all of them alone.
	together := func(parts ...step) []step {
		if !n.any {
			return parts
		}
		return []step{func(t string) (policy.Reason, policy.Class) {
			for _, part := range parts {
				if reason, class := part(t); reason != "" {
					return reason, class
				}
			}
			return "", 0
		}}
	}
	steps := []step{
		// Step 4.
		func(t string) (policy.Reason, policy.Class) {
			if b.isUnsupported(t, in.channel) {
				return policy.Unsupported, riskiest
			}
			return "", 0
		},
		func(string) (policy.Reason, policy.Class) {
			if in.channel == policy.WhatsApp && b.unsupported[policy.WhatsApp] == nil && isUnsupportedWhatsApp(n.digits) {
				return policy.Unsupported, riskiest
			}
			return "", 0
		},
		func(t string) (policy.Reason, policy.Class) {
			if in.channel != policy.Voice || !b.isByRequest(t) || p.isApproved(t, in.verification) || global != nil {
				return "", 0
			}
			for _, class := range classes {
				if !p.hasOpening(in.channel, n.digits, t, class, true, now) {
					return policy.ByRequest, riskiest
				}
			}
			return "", 0
		},
	}
	possible := slices.ContainsFunc(in.numbers, func(n number) bool { return !n.impossible })
	unallocated := b.chosen(p, func(c choices) string { return c.unallocated[in.channel.Base()] })
	// What the account's own openings open counts as if the set in force had it.
	isOpen := func(t string, class policy.Class) bool {
		return p.hasOpening(in.channel, n.digits, t, class, false, now)
	}
	never := func(string, policy.Class) bool { return false }
	// Step 5. A set names the class that it lacks, unless it lacks all. Messages
	// have a choice for every class but the first, which names the riskiest.
	steps = append(steps, together(
		func(t string) (policy.Reason, policy.Class) {
			if allowed {
				return "", 0
			}
			reason, class := set.lacks(stated, classes, t, isOpen)
			if reason == policy.TerritoryNotEnabled {
				class = riskiest
			}
			return reason, class
		},
		func(string) (policy.Reason, policy.Class) {
			possible := classesOf(n.kinds)
			class := possible[len(possible)-1]
			denied := b.chosen(p, func(c choices) string { return c.messagingSpecial }) == "deny"
			if in.channel != policy.Voice && class != policy.LowRisk && denied && !allowed {
				return policy.ClassNotEnabled, class
			}
			return "", 0
		},
		func(string) (policy.Reason, policy.Class) {
			if n.unlisted && !(n.impossible && possible) && unallocated == "deny" && !allowed {
				return policy.UnallocatedRange, riskiest
			}
			return "", 0
		},
	)...)
	steps = append(steps, func(t string) (policy.Reason, policy.Class) {
		if p.trial && !p.trialReaches(t, n, in.channel) {
			return policy.TrialRestricted, riskiest
		}
		return "", 0
	})
	// Step 6: the first sender that lacks what is needed is named.
	var senders []step
	for _, name := range in.senders {
		s := p.sender(name)
		stated := in.channel
		if s != nil && !s.states(stated) {
			stated = fallback(stated)
		}
		if s == nil || !s.states(stated) {
			if isService(name) && b.chosen(p, func(c choices) string { return c.unscopedService }) == "deny" {
				senders = append(senders, func(t string) (policy.Reason, policy.Class) { return policy.ServiceUnscoped, riskiest })
			}
			continue
		}
		senders = append(senders, func(t string) (policy.Reason, policy.Class) {
			reason, class := s.lacks(stated, classes, t, never)
			if reason != "" {
				reason = policy.SenderNotEnabled
			}
			return reason, class
		})
	}
	steps = append(steps, together(senders...)...)

	// All territories must pass every step. Where any one is enough, those
	// that fail a step fall out, and the denial comes when none is left.
	left := n.territories
	for _, step := range steps {
		var passed []string
		var denials []answer
		for _, t := range left {
			if reason, class := step(t); reason != "" {
				denials = append(denials, deny(reason, t, class))
			} else {
				passed = append(passed, t)
			}
		}
		if len(passed) == 0 || len(denials) > 0 && !n.any {
			return denials[0]
		}
		left = passed
	}

	a := answer{reason: policy.Enabled, territory: left[0], class: riskiest}
	if n.unlisted && !(n.impossible && possible) && !allowed && unallocated != "allow" {
		a.outcome, a.reason, a.recorded = policy.Monitor, policy.UnallocatedRange, true
	}
	if a.reason == policy.Enabled && !allowed {
		required := n.territories
		if n.any {
			required = left[:1]
		}
		for _, t := range required {
			if reason, _ := set.lacks(stated, classes, t, never); reason != "" {
				a.reason = policy.Opened
			}
		}
	}
	if allowed {
		a.reason = policy.AllowRule
		if n.any {
			a.territory = ""
		}
	}
	return a
}

// decidingRule returns the rule that decides one level, if one does: the
// longest match, and of equally long ones a block.
func decidingRule(rules []rule, digits string, channel policy.Channel, now time.Time) *rule {
	var matching []rule
	for _, r := range rules {
		early := !r.from.IsZero() && now.Before(r.from)
		expired := !r.until.IsZero() && !now.Before(r.until)
		otherChannel := r.channel != "" && r.channel != channel.String() && r.channel != fallback(channel).String()
		excepted := slices.ContainsFunc(r.except, func(prefix string) bool { return strings.HasPrefix(digits, prefix) })
		if strings.HasPrefix(digits, r.prefix) && !excepted && !early && !expired && !otherChannel {
			matching = append(matching, r)
		}
	}
	slices.SortStableFunc(matching, func(a, b rule) int {
		if len(a.prefix) != len(b.prefix) {
			return len(b.prefix) - len(a.prefix)
		}
		switch {
		case a.block == b.block:
			return 0
		case a.block:
			return -1
		default:
			return 1
		}
	})
	if len(matching) == 0 {
		return nil
	}
	return &matching[0]
}

// The lists of a carrier.
var (
	unsupportedTerritories = []string{"IR", "SY", "CU"}
	unsupportedWhatsApp    = []string{"98", "53", "963", "7978", "850"}
	byRequestTerritories   = []string{"SG", "TW", "SL", "SO"}
)

func (b *book) isUnsupported(territory string, channel policy.Channel) bool {
	list := b.unsupported[channel]
	if list == nil {
		list = b.unsupported[fallback(channel)]
	}
	if list == nil && channel != policy.Voice {
		list = unsupportedTerritories
	}
	return slices.Contains(list, territory)
}

// isUnsupportedWhatsApp: WhatsApp has a list of prefixes, beside that of the
// territories, in whose place a policy states territories.
func isUnsupportedWhatsApp(digits string) bool {
	return slices.ContainsFunc(unsupportedWhatsApp, func(prefix string) bool {
		return strings.HasPrefix(digits, prefix)
	})
}

func (b *book) isByRequest(territory string) bool {
	list := b.byRequest
	if list == nil {
		list = byRequestTerritories
	}
	return slices.Contains(list, territory)
}

// isApproved counts what the account itself has on file, and neither "*" nor
// anything inherited. What it names for verifications counts for those.
func (p *payer) isApproved(territory string, verification bool) bool {
	named := slices.Concat(p.voice...)
	if verification {
		named = append(named, slices.Concat(p.verify.voice...)...)
	}
	if slices.Contains(named, territory) {
		return true
	}
	return p.home == territory || slices.Contains(p.approved, territory)
}

func (p permits) states(channel policy.Channel) bool {
	if channel == policy.Voice {
		return p.voice != nil
	}
	return p.messages(channel) != nil
}

// messages is the list for a channel of messages.
func (p permits) messages(channel policy.Channel) []string {
	switch channel {
	case policy.WhatsApp:
		return p.whatsApp
	case policy.RCS:
		return p.rcs
	}
	return p.messaging
}

// fallback is the channel that counts where nothing is stated for one.
func fallback(channel policy.Channel) policy.Channel {
	if channel == policy.WhatsApp || channel == policy.RCS {
		return policy.Messaging
	}
	return channel
}

// statement is the account's own, with home for what is not stated.
func (a *account) statement() permits {
	s := a.permits
	if a.home != "" && s.messaging == nil {
		s.messaging = []string{a.home}
	}
	if a.home != "" && s.voice == nil {
		s.voice = [][]string{{a.home}}
	}
	return s
}

// inForce is the permission set for a send, the channel that it is stated for and the
// account that states it: the account's own, else its parent's, else the default, else one
// that holds nothing. Verifications ask for their own sets first. What no one states for
// the channel is asked for the one that it falls back to.
func (b *book) inForce(p *payer, in intent) (permits, policy.Channel, *account) {
	asked := []policy.Channel{in.channel}
	if fallback(in.channel) != in.channel {
		asked = append(asked, fallback(in.channel))
	}
	for _, channel := range asked {
		for _, a := range p.line() {
			if in.verification && a.verify.states(channel) {
				return a.verify, channel, a
			}
		}
		if in.verification && b.verify.states(channel) {
			return b.verify, channel, nil
		}
	}
	for _, channel := range asked {
		// A home is a set for messages and calls. For what falls back to one of them, it
		// only hides what is stated above.
		hidden := false
		for _, a := range p.line() {
			if a.permits.states(channel) || a.home != "" && channel == fallback(channel) {
				return a.statement(), channel, a
			}
			if hidden = a.home != ""; hidden {
				break
			}
		}
		if !hidden && b.def != nil && b.def.states(channel) {
			return *b.def, channel, nil
		}
	}
	return permits{}, in.channel, nil
}

// hasOpening reports whether one of the account's own openings is for this, now.
func (p *payer) hasOpening(channel policy.Channel, digits, territory string, class policy.Class, acknowledged bool, now time.Time) bool {
	for _, o := range p.openings {
		about := o.territory == territory
		if o.prefix != "" {
			about = strings.HasPrefix(digits, o.prefix)
		}
		channels := o.channel == "" || o.channel == channel.String() || o.channel == fallback(channel).String()
		if about && channels && (channel != policy.Voice || o.class == class) &&
			(o.acknowledged || !acknowledged) && !now.Before(o.from) && now.Before(o.until) {
			return true
		}
	}
	return false
}

// lacks tells what the permission set does not have of a territory, and the first class in
// which neither it nor an opening has it; no reason if there is none.
func (p permits) lacks(channel policy.Channel, classes []policy.Class, territory string, isOpen func(string, policy.Class) bool) (policy.Reason, policy.Class) {
	has := func(list []string) bool {
		return slices.Contains(list, territory) || slices.Contains(list, "*")
	}
	if channel != policy.Voice {
		if has(p.messages(channel)) || isOpen(territory, policy.LowRisk) {
			return "", 0
		}
		return policy.TerritoryNotEnabled, policy.LowRisk
	}
	for _, c := range classes {
		if int(c) < len(p.voice) && has(p.voice[c]) || isOpen(territory, c) {
			continue
		}
		anyOpen := false
		for class := range policy.ClassCount {
			anyOpen = anyOpen || isOpen(territory, class)
		}
		if anyOpen || slices.ContainsFunc(p.voice, has) {
			return policy.ClassNotEnabled, c
		}
		return policy.TerritoryNotEnabled, c
	}
	return "", 0
}

func (p *payer) trialReaches(territory string, n number, channel policy.Channel) bool {
	return territory == p.home &&
		slices.Equal(classesOf(n.kinds), []policy.Class{policy.LowRisk}) &&
		(channel != policy.Voice || slices.Contains(p.verified, n.digits))
}

// sender finds what is stated about a sender; the account's own entry hides
// its parent's.
func (p *payer) sender(name string) *sender {
	for _, a := range p.line() {
		for i := range a.senders {
			if a.senders[i].id == name {
				return &a.senders[i]
			}
		}
	}
	return nil
}

// classesOf is the class of each kind that the number could be, without
// repetition and the riskiest last.
func classesOf(kinds []numbering.Kind) []policy.Class {
	var classes []policy.Class
	for _, k := range kinds {
		switch k {
		case numbering.PremiumRate, numbering.SharedCost, numbering.PersonalNumber, numbering.Pager, numbering.Voicemail:
			classes = append(classes, policy.HighRiskSpecial)
		case numbering.RevenueShare:
			classes = append(classes, policy.HighRiskTollFraud)
		default:
			classes = append(classes, policy.LowRisk)
		}
	}
	if len(classes) == 0 {
		classes = append(classes, policy.LowRisk)
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}

// From words to the types that Judge takes.

func territory(code string) numbering.Territory {
	if code == "" {
		return 0
	}
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		panic("no territory " + code)
	}
	return t
}

func setOf(codes []string) policy.Set {
	var s policy.Set
	for _, code := range codes {
		if code == "*" {
			for t := range numbering.AllTerritories() {
				s.Add(t)
			}
		} else {
			s.Add(territory(code))
		}
	}
	return s
}

func optionalSet(codes []string) *policy.Set {
	if codes == nil {
		return nil
	}
	s := setOf(codes)
	return &s
}

func grant(codes []string) policy.Grant {
	named := slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return code == "*" })
	return policy.Grant{Set: setOf(codes), Outright: setOf(named)}
}

func optionalGrant(codes []string) *policy.Grant {
	if codes == nil {
		return nil
	}
	g := grant(codes)
	return &g
}

func (p permits) permissions() policy.Permissions {
	var out policy.Permissions
	out.Messaging, out.WhatsApp, out.RCS = optionalGrant(p.messaging), optionalGrant(p.whatsApp), optionalGrant(p.rcs)
	if p.voice != nil {
		out.Voice = new([policy.ClassCount]policy.Grant)
		for c, codes := range p.voice {
			out.Voice[c] = grant(codes)
		}
	}
	return out
}

func (c choices) choices() (out policy.Choices) {
	out.Stored, _ = policy.ParseChoice(c.stored)
	out.UnscopedService, _ = policy.ParseChoice(c.unscopedService)
	out.MessagingSpecial, _ = policy.ParseChoice(c.messagingSpecial)
	for channel, choice := range c.unallocated {
		out.Unallocated[channel], _ = policy.ParseUnallocated(choice)
	}
	return out
}

func policyRules(rules []rule) []policy.Rule {
	var out []policy.Rule
	for _, r := range rules {
		pr := policy.Rule{Block: r.block, Prefix: r.prefix, Except: r.except, Reason: "because", From: r.from, Until: r.until}
		if c, ok := policy.ParseChannel(r.channel); ok {
			pr.Channel = &c
		}
		out = append(out, pr)
	}
	return out
}

func policyOpenings(openings []opening) []policy.Opening {
	var out []policy.Opening
	for _, o := range openings {
		po := policy.Opening{Prefix: o.prefix, Class: o.class, Acknowledged: o.acknowledged, Reason: "because", From: o.from, Until: o.until}
		if o.prefix == "" {
			po.Territory = territory(o.territory)
		}
		if c, ok := policy.ParseChannel(o.channel); ok {
			po.Channel = &c
		}
		out = append(out, po)
	}
	return out
}

// isService reports whether a sender is a messaging service.
func isService(name string) bool { return strings.HasPrefix(name, "MG") && len(name) == 34 }

func (b *book) definition() policy.Definition {
	d := policy.Definition{
		Restrictions: policy.Restrictions{
			Unsupported:         [policy.ChannelCount]policy.Set{policy.Messaging: setOf(unsupportedTerritories)},
			UnsupportedPrefixes: [policy.ChannelCount][]string{policy.WhatsApp: unsupportedWhatsApp},
			ByRequest:           setOf(byRequestTerritories),
		},
		IsService: isService,
		Observe:   policy.Switch{On: b.observe, Until: b.ends},
		Rules:     policyRules(b.rules),
		ByRequest: optionalSet(b.byRequest),
		Verify:    b.verify.permissions(),
		Choices:   b.choices.choices(),
		URLHosts:  b.urlHosts,
	}
	if b.def != nil {
		p := b.def.permissions()
		d.Default = &p
	}
	for c, codes := range b.unsupported {
		d.Unsupported[c] = optionalSet(codes)
	}
	for _, a := range b.accounts {
		pa := policy.Account{
			ID:          a.id,
			At:          a.carrierAccounts(),
			Parent:      a.parent,
			Permissions: a.permissions(),
			Home:        territory(a.home),
			Trial:       a.trial,
			Verified:    a.verified,
			Suspended:   policy.Switch{On: a.suspended, Until: a.ends},
			Monitor:     policy.Switch{On: a.monitor, Until: a.ends},
			Rules:       policyRules(a.rules),
			Openings:    policyOpenings(a.openings),
			Verify:      a.verify.permissions(),
			Choices:     a.choices.choices(),
			URLHosts:    a.urlHosts,
		}
		if a.control != nil {
			pa.Controls = []policy.Control{}
		}
		for _, control := range a.control {
			pa.Controls = append(pa.Controls, policy.Control(control))
		}
		for _, name := range a.credentials {
			if strings.HasPrefix(name, "SK") {
				pa.Keys = append(pa.Keys, name)
			} else {
				pa.Credentials = append(pa.Credentials, name)
			}
		}
		for _, code := range a.approved {
			pa.Approved = append(pa.Approved, policy.Approval{Territory: territory(code), Reason: "ticket"})
		}
		for _, s := range a.senders {
			pa.Senders = append(pa.Senders, policy.Sender{ID: s.id, Permissions: s.permissions()})
		}
		d.Accounts = append(d.Accounts, pa)
	}
	return d
}

func (a *account) carrierAccounts() (at []policy.CarrierAccount) {
	for _, carrier := range worldCarriers {
		if id := a.idAt(carrier); id != "" {
			at = append(at, policy.CarrierAccount{Carrier: carrier, ID: id})
		}
	}
	return at
}

var worldCarriers = []string{"telnyx", "twilio"}

func (in intent) claim() policy.Claim {
	claim := policy.Claim{Carrier: in.carrierName(), Account: in.account, Credential: in.credential, Token: in.token, Site: in.site}
	if strings.HasPrefix(in.credential, "AC") {
		claim.Holder, claim.Credential = in.credential, ""
	}
	return claim
}

func (in intent) subject(snapshot *policy.Snapshot) *policy.Subject {
	subject := snapshot.Subject(in.claim())
	return &subject
}

func (in intent) send() *policy.Send {
	s := new(policy.Send)
	s.Channel = in.channel
	s.Destination = address.Reading{Meaning: in.meaning}
	s.Senders = in.senders
	s.Verification = in.verification
	var numbers []address.Number
	for _, n := range in.numbers {
		assignment := numbering.Assignment{Any: n.any, Kinds: numbering.Kinds(n.kinds...), Listed: !n.unlisted}
		if n.impossible {
			assignment.Impossible = numbering.ImpossibleAreaCode
		}
		for _, code := range n.territories {
			assignment.Territories = append(assignment.Territories, territory(code))
		}
		numbers = append(numbers, address.Number{Digits: n.digits, Assignment: assignment})
	}
	s.Destination.Numbers = address.ListOf(numbers...)
	return s
}
