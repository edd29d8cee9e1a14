package policy_test

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	randomPolicies = 12_000
	sendsPerPolicy = 12
	// A reason that occurs less often than this is not tested by chance
	// encounters of rules, and the generator's weights need a look.
	enoughOfAReason = 500
)

var everyReason = []policy.Reason{
	policy.Enabled, policy.AllowRule, policy.Opened, policy.NotANumber, policy.NoDestination, policy.EmergencyCall,
	policy.CredentialUnknown, policy.CredentialForeign,
	policy.AccountSuspended, policy.AccountUnknown, policy.DestinationUnreadable,
	policy.UnassignedCode, policy.ImpossibleNumber, policy.PrefixBlocked, policy.Unsupported, policy.ByRequest,
	policy.TerritoryNotEnabled, policy.ClassNotEnabled, policy.UnallocatedRange, policy.TrialRestricted, policy.SenderNotEnabled,
	"", policy.URLAllowed, policy.URLHost, // the first is of URLs that are not restricted
	policy.ServiceUnscoped, policy.StoredTarget, policy.StoredDenied, policy.ControlAllowed, policy.ControlDenied,
}

// TestJudgeAgainstReference holds Judge against the slow second
// implementation, on random policies. TOLLGATE_SEED repeats a run.
func TestJudgeAgainstReference(t *testing.T) {
	seed := randomSeed(t)
	count := map[policy.Reason]int{}
	specialMessages := 0
	outcomes := map[policy.Outcome]int{}
	reported := map[string]int{}
	for i := range uint64(randomPolicies) {
		g := generator{rand.New(rand.NewPCG(seed, i))}
		b := g.book()
		snapshot, err := policy.New(b.definition())
		if err != nil {
			t.Fatalf("TOLLGATE_SEED=%d, policy %d does not compile: %v\n%s", seed, i, err, b)
		}
		for range sendsPerPolicy {
			in, now := g.intent(b), g.now()
			got, want := ask(snapshot, in, now), b.judge(in, now)
			count[want.reason]++
			if in.channel != policy.Voice && want.reason == policy.ClassNotEnabled {
				specialMessages++
			}
			outcomes[want.outcome]++
			if difference(got, want) == "" {
				continue
			}
			// One example of each kind of difference is enough to read.
			kind := fmt.Sprintf("%s %s for %s %s", got.Outcome, got.Reason, want.outcome, want.reason)
			if reported[kind]++; reported[kind] == 1 && len(reported) <= 5 {
				t.Errorf("policy %d of TOLLGATE_SEED=%d, made as small as it still differs:\n%s",
					i, seed, smallest(b, in, now))
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(reported)) {
		t.Errorf("%d times %s", reported[kind], kind)
	}

	t.Logf("%d sends: %v", randomPolicies*sendsPerPolicy, outcomes)
	for _, reason := range everyReason {
		t.Logf("%7d %s", count[reason], reason)
		if count[reason] < enoughOfAReason {
			t.Errorf("%s occurred only %d times", reason, count[reason])
		}
		delete(count, reason)
	}
	if t.Logf("%7d %s for messages", specialMessages, policy.ClassNotEnabled); specialMessages < enoughOfAReason {
		t.Errorf("%s occurred only %d times for messages", policy.ClassNotEnabled, specialMessages)
	}
	if len(count) > 0 {
		t.Errorf("reasons that this test does not know: %v", slices.Sorted(maps.Keys(count)))
	}
}

// randomSeed is that of TOLLGATE_SEED, or another each time.
func randomSeed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("TOLLGATE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("TOLLGATE_SEED=%d", seed)
	return seed
}

// ask asks a snapshot what an intent asks.
func ask(s *policy.Snapshot, in intent, now time.Time) policy.Verdict {
	switch subject := in.subject(s); {
	case in.control != "":
		return subject.JudgeControl(policy.Control(in.control), now)
	case in.stored:
		return subject.JudgeStored(now)
	case in.url != "":
		return subject.JudgeURL(in.url, now)
	default:
		return subject.Judge(in.send(), now)
	}
}

// difference says how Judge and the reference differ, or "".
func difference(got policy.Verdict, want answer) string {
	if got.Outcome == want.outcome && got.Reason == want.reason &&
		got.Class == want.class && got.Unlisted == want.unlisted && got.Recorded == want.recorded &&
		(want.territory == "" || got.Territory.String() == want.territory) {
		return ""
	}
	return fmt.Sprintf("Judge:  %s %s %s %s unlisted=%t (%s)\ndesign: %s %s %s %s unlisted=%t",
		got.Outcome, got.Reason, got.Territory, got.Class, got.Unlisted, got.Rule,
		want.outcome, want.reason, want.territory, want.class, want.unlisted)
}

// smallest describes the smallest policy and intent that are left of those
// given where they are judged differently.
func smallest(b book, in intent, now time.Time) string {
	compare := func(b book, in intent) string {
		snapshot, err := policy.New(b.definition())
		if err != nil {
			return ""
		}
		return difference(ask(snapshot, in, now), b.judge(in, now))
	}
	b, in = shrink(b, in, func(b book, in intent) bool { return compare(b, in) != "" })
	return fmt.Sprintf("%s\nsend %+v\nat %s\n%s", b, in, now.Format(time.RFC3339Nano), compare(b, in))
}

func (b book) String() string {
	def := "none"
	if b.def != nil {
		def = fmt.Sprintf("%q", *b.def)
	}
	text := fmt.Sprintf("observe=%t default=%s verify=%q unsupported=%q byRequest=%q rules=%+v %+v urlHosts=%q",
		b.observe, def, b.verify, b.unsupported, b.byRequest, b.rules, b.choices, b.urlHosts)
	for _, a := range b.accounts {
		text += fmt.Sprintf("\naccount %+v", a)
	}
	return text
}

// The generator makes a small world, so that rules, sets and destinations
// often meet.
type generator struct{ *rand.Rand }

var (
	noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

	worldNumbers = []number{
		{digits: "14155550100", territories: []string{"US"}},
		{digits: "14165550100", territories: []string{"CA"}},
		{digits: "18005550100", territories: []string{"US", "CA"}, any: true},
		{digits: "12425550100", territories: []string{"BS"}},
		{digits: "447700900123", territories: []string{"GB"}},
		{digits: "441481960194", territories: []string{"GG"}},
		{digits: "4915112345678", territories: []string{"DE"}},
		{digits: "6591234567", territories: []string{"SG"}},
		{digits: "252612345678", territories: []string{"SO"}},
		{digits: "989121234567", territories: []string{"IR"}},
		{digits: "5351234567", territories: []string{"CU"}},
		{digits: "79781234567", territories: []string{"RU"}},
		{digits: "7300555", territories: []string{"RU", "KZ"}},
		{digits: "881612345678", territories: []string{"+881"}},
	}
	worldTerritories = []string{"US", "CA", "BS", "GB", "GG", "DE", "SG", "SO", "IR", "CU", "RU", "KZ", "+881"}
	worldSenders     = []string{"+14155550199", "whatsapp:+14155550199", "acme", "MG00000000000000000000000000000001"}
	worldControls    = []string{"risk_check", "safe_list", "keys"}
	// Low risk stands here often, since most of the world is.
	worldKinds = []numbering.Kind{
		numbering.Mobile, numbering.Mobile, numbering.Mobile, numbering.FixedLine, numbering.FixedLineOrMobile,
		numbering.TollFree, numbering.VoIP, numbering.UAN, numbering.UnknownKind,
		numbering.PremiumRate, numbering.SharedCost, numbering.PersonalNumber, numbering.Pager,
		numbering.Voicemail, numbering.RevenueShare,
	}
	outsiders = []string{"", accountID(97), accountID(98)}
)

// credentialsOf are a key, a client and the digest of a token that an account
// may list.
func credentialsOf(id string) []string {
	return []string{"SK" + id[2:], "OQ" + id[2:], policy.TokenDigest(id)}
}

func accountID(i int) string { return fmt.Sprintf("AC%032x", i) }

// one says yes once in n times.
func (g generator) one(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g generator, list []T) T { return list[g.IntN(len(list))] }

// some returns up to n elements of the list, in random order.
func some[T any](g generator, n int, list []T) []T {
	n = min(g.IntN(n+1), len(list))
	some := make([]T, 0, n)
	for _, i := range g.Perm(len(list))[:n] {
		some = append(some, list[i])
	}
	return some
}

func (g generator) now() time.Time {
	return noon.Add(pick(g, []time.Duration{0, -time.Nanosecond, time.Hour, -time.Hour}))
}

func (g generator) territories() []string {
	list := some(g, 8, worldTerritories)
	if g.one(2) {
		list = append(list, "*")
	}
	return list
}

func (g generator) permits() permits {
	var p permits
	if !g.one(3) {
		p.messaging = g.territories()
	}
	if g.one(5) {
		p.whatsApp = g.territories()
	}
	if g.one(5) {
		p.rcs = g.territories()
	}
	if !g.one(3) {
		p.voice = make([][]string, 0)
		for range g.IntN(int(policy.ClassCount) + 1) {
			p.voice = append(p.voice, g.territories())
		}
	}
	return p
}

// verify is the sets for verifications, which most do not state.
func (g generator) verify() permits {
	if g.one(3) {
		return g.permits()
	}
	return permits{}
}

func (p permits) stated() bool {
	return p.messaging != nil || p.voice != nil || p.whatsApp != nil || p.rcs != nil
}

func (g generator) choices() choices {
	choose := func() string { return pick(g, []string{"", "", "allow", "deny"}) }
	unallocated := func() string { return pick(g, []string{"", "", "allow", "monitor", "deny"}) }
	return choices{choose(), choose(), choose(), [policy.ChannelCount]string{unallocated(), unallocated()}}
}

func (g generator) rules(n int) []rule {
	var rules []rule
	for range g.IntN(n + 1) {
		r := rule{
			block:   g.one(2),
			channel: pick(g, []string{"", "", "", "messaging", "voice", "whatsapp", "rcs"}),
		}
		digits := pick(g, worldNumbers).digits
		r.prefix = digits[:min(len(digits), pick(g, []int{1, 2, 3, 4, 7, 15}))]
		r.except = g.exceptions(r.prefix)
		if g.one(3) {
			r.until = noon.Add(pick(g, []time.Duration{0, 1, time.Hour, -time.Hour, 24 * time.Hour}))
		}
		if g.one(3) {
			r.from = noon.Add(pick(g, []time.Duration{0, 1, time.Hour, -time.Hour, -24 * time.Hour}))
		}
		rules = append(rules, r)
	}
	return rules
}

// openings are of territories and prefixes; most are in force, and many of calls
// acknowledged.
func (g generator) openings() []opening {
	var openings []opening
	for range g.IntN(8) {
		o := opening{
			territory:    pick(g, worldTerritories),
			channel:      pick(g, []string{"", "", "messaging", "voice", "voice", "whatsapp", "rcs"}),
			acknowledged: g.one(2),
			until:        noon.Add(pick(g, []time.Duration{24 * time.Hour, 1, time.Hour, 0, -time.Hour})),
		}
		if g.one(4) {
			o.class = pick(g, []policy.Class{policy.HighRiskSpecial, policy.HighRiskTollFraud})
		}
		if g.one(3) {
			digits := pick(g, worldNumbers).digits
			o.prefix = digits[:pick(g, []int{1, 2, 3, 4, len(digits)})]
		}
		if g.one(3) {
			o.from = noon.Add(pick(g, []time.Duration{0, 1, -time.Hour}))
		}
		openings = append(openings, o)
	}
	return openings
}

// exceptions are prefixes within a prefix, most of them of numbers that occur, some within
// others.
func (g generator) exceptions(prefix string) []string {
	if !g.one(3) {
		return nil
	}
	var except []string
	for _, n := range worldNumbers {
		if longer := len(n.digits) - len(prefix); strings.HasPrefix(n.digits, prefix) && longer > 0 && !g.one(3) {
			except = append(except, n.digits[:len(prefix)+1+g.IntN(longer)])
		}
	}
	for range g.IntN(3) {
		except = append(except, prefix+strconv.Itoa(g.IntN(100)))
	}
	return except
}

// ends is when what is stated for a time ends: of most, never.
func (g generator) ends() time.Time {
	if g.one(3) {
		return noon.Add(pick(g, []time.Duration{0, 1, time.Hour, -time.Hour}))
	}
	return time.Time{}
}

func (g generator) account(n int, parent string) account {
	id := accountID(n)
	a := account{
		id:        id,
		parent:    parent,
		permits:   g.permits(),
		trial:     g.one(6),
		suspended: g.one(15),
		monitor:   g.one(6),
		ends:      g.ends(),
		rules:     g.rules(3),
		openings:  g.openings(),
		verify:    g.verify(),
		choices:   g.choices(),
	}
	a.credentials = some(g, 3, credentialsOf(id))
	if g.one(3) {
		// A name of its own. Its id at the second carrier is another account's at the first.
		a.id, a.at = fmt.Sprintf("account-%d", n), map[string]string{"telnyx": accountID(n + 1)}
		if !g.one(3) {
			a.at["twilio"] = id
		}
	}
	a.urlHosts = g.urlHosts()
	if g.one(3) {
		a.control = some(g, 3, worldControls)
	}
	if a.trial || g.one(6) {
		a.home = pick(g, worldTerritories)
		if g.one(2) {
			a.permits = permits{}
		}
	}
	for _, n := range some(g, 8, worldNumbers) {
		a.verified = append(a.verified, n.digits)
	}
	if g.one(4) {
		a.approved = some(g, 3, []string{"SG", "SO", "US", "DE"})
	}
	if g.one(2) {
		for _, id := range some(g, 3, worldSenders) {
			a.senders = append(a.senders, sender{id: id, permits: g.permits()})
		}
	}
	return a
}

func (g generator) book() book {
	b := book{observe: g.one(12), ends: g.ends(), rules: g.rules(4), verify: g.verify(), choices: g.choices(), urlHosts: g.urlHosts()}
	if !g.one(3) {
		p := g.permits()
		b.def = &p
	}
	for c := range b.unsupported {
		if g.one(4) {
			b.unsupported[c] = some(g, 2, worldTerritories)
		}
	}
	if g.one(4) {
		b.byRequest = some(g, 4, worldTerritories)
	}
	// Parents stand before and after their children.
	for i := range 1 + g.IntN(2) {
		parent := g.account(10*i, "")
		family := []account{parent}
		for k := range g.IntN(3) {
			family = append(family, g.account(10*i+k+1, parent.id))
		}
		g.Shuffle(len(family), func(i, k int) { family[i], family[k] = family[k], family[i] })
		b.accounts = append(b.accounts, family...)
	}
	return b
}

func (g generator) number() number {
	n := pick(g, worldNumbers)
	if g.one(10) {
		n.digits = n.digits[:len(n.digits)-1] + strconv.Itoa(g.IntN(10))
	}
	if g.one(10) {
		n.territories = some(g, 3, worldTerritories)
		n.any = g.one(2)
	}
	n.kinds = []numbering.Kind{pick(g, worldKinds)}
	if g.one(8) {
		n.unlisted, n.impossible = true, len(n.territories) > 0 && g.one(3)
		n.kinds = some(g, 3, worldKinds)
	}
	return n
}

func (g generator) intent(b book) intent {
	carrier := pick(g, []string{"", "", "", "telnyx"})
	in := intent{
		carrier: carrier,
		account: g.idOf(pick(g, b.accounts), carrier),
		channel: pick(g, []policy.Channel{policy.Messaging, policy.Messaging, policy.Voice, policy.Voice, policy.WhatsApp, policy.RCS}),
		senders: some(g, 3, worldSenders),
		meaning: address.Numbers,

		verification: g.one(3),
		stored:       g.one(15),
	}
	if g.one(15) {
		in.control = pick(g, worldControls)
	}
	if g.one(6) && in.control == "" && !in.stored {
		in.url = g.url()
	}
	if g.one(8) {
		in.account = pick(g, outsiders)
	}
	if g.one(20) {
		in.account = ""
	}
	if g.one(2) {
		holder := pick(g, b.accounts)
		if a := b.accountAt(in.carrierName(), in.account); a != nil && !g.one(4) {
			holder = *a // most credentials are used where they belong
		}
		id := g.idOf(holder, carrier)
		in.credential = pick(g, append(append(outsiders, id, id), g.listed(holder), g.listed(holder)))
	}
	if g.one(8) {
		in.token = g.listed(pick(g, b.accounts))
	}
	if g.one(4) {
		in.site = pick(g, append(outsiders, g.idOf(pick(g, b.accounts), carrier)))
	}
	switch g.IntN(40) {
	case 0:
		in.meaning = address.Missing
	case 1:
		in.meaning = address.NotANumber
	case 2, 3:
		in.meaning = address.Unreadable
	case 4:
		in.meaning = address.Emergency
	default:
		in.numbers = []number{g.number()}
		for g.one(6) {
			in.numbers = append(in.numbers, g.number())
		}
	}
	return in
}

// idOf is an id of an account: at the carrier, if it has one there, or at any.
func (g generator) idOf(a account, carrier string) string {
	if id := a.idAt(intent{carrier: carrier}.carrierName()); id != "" && !g.one(10) {
		return id
	}
	return pick(g, a.carrierAccounts()).ID
}

// listed is a credential that an account lists, or one that no one does.
func (g generator) listed(a account) string {
	return pick(g, append(slices.Clone(a.credentials), credentialsOf(accountID(99))...))
}

// shrink leaves out whatever can be left out while the difference stays.
func shrink(b book, in intent, differs func(book, intent) bool) (book, intent) {
	for again := true; again; {
		again = false
		for b2, in2 := range smaller(b, in) {
			if differs(b2, in2) {
				b, in, again = b2, in2, true
				break
			}
		}
	}
	return b, in
}

// smaller yields everything that is one thing less than b and in.
func smaller(b book, in intent) iter.Seq2[book, intent] {
	var all []func(*book, *intent)
	less := func(f func(*book, *intent)) { all = append(all, f) }

	for i, a := range b.accounts {
		less(func(b *book, _ *intent) { b.accounts = without(b.accounts, i) })
		lessOf := func(f func(*account)) {
			less(func(b *book, _ *intent) {
				b.accounts = slices.Clone(b.accounts)
				f(&b.accounts[i])
			})
		}
		for k := range a.rules {
			lessOf(func(a *account) { a.rules = without(a.rules, k) })
		}
		for k := range a.openings {
			lessOf(func(a *account) { a.openings = without(a.openings, k) })
		}
		for k := range a.senders {
			lessOf(func(a *account) { a.senders = without(a.senders, k) })
		}
		for k := range a.verified {
			lessOf(func(a *account) { a.verified = without(a.verified, k) })
		}
		for k := range a.approved {
			lessOf(func(a *account) { a.approved = without(a.approved, k) })
		}
		if a.trial {
			lessOf(func(a *account) { a.trial = false })
		}
		if a.monitor {
			lessOf(func(a *account) { a.monitor = false })
		}
		if a.choices != (choices{}) {
			lessOf(func(a *account) { a.choices = choices{} })
		}
		if a.verify.stated() {
			lessOf(func(a *account) { a.verify = permits{} })
		}
		if a.urlHosts != nil {
			lessOf(func(a *account) { a.urlHosts = nil })
		}
		if a.home != "" {
			lessOf(func(a *account) { a.home = "" })
		}
	}
	for i := range b.rules {
		less(func(b *book, _ *intent) { b.rules = without(b.rules, i) })
	}
	if b.choices != (choices{}) {
		less(func(b *book, _ *intent) { b.choices = choices{} })
	}
	if b.urlHosts != nil {
		less(func(b *book, _ *intent) { b.urlHosts = nil })
	}
	if b.verify.stated() {
		less(func(b *book, _ *intent) { b.verify = permits{} })
	}
	for _, name := range []func(*intent) *string{
		func(in *intent) *string { return &in.credential },
		func(in *intent) *string { return &in.token },
		func(in *intent) *string { return &in.site },
	} {
		if *name(&in) != "" {
			less(func(_ *book, in *intent) { *name(in) = "" })
		}
	}
	if in.verification {
		less(func(_ *book, in *intent) { in.verification = false })
	}
	if b.def != nil {
		less(func(b *book, _ *intent) { b.def = nil })
	}
	if b.observe {
		less(func(b *book, _ *intent) { b.observe = false })
	}
	if len(in.numbers) > 1 {
		for i := range in.numbers {
			less(func(_ *book, in *intent) { in.numbers = without(in.numbers, i) })
		}
	}
	for i := range in.senders {
		less(func(_ *book, in *intent) { in.senders = without(in.senders, i) })
	}

	return func(yield func(book, intent) bool) {
		for _, f := range all {
			b, in := b, in
			f(&b, &in)
			if !yield(b, in) {
				return
			}
		}
	}
}

func without[T any](list []T, i int) []T {
	return slices.Concat(list[:i], list[i+1:])
}
