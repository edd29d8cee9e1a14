package policy_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	updateRuns      = 600
	updatesPerRun   = 8
	askedPerUpdate  = 12
	accountsOfWorld = 6
)

// TestUpdatesAgainstTheWholePolicy holds what With returns against New of the whole policy,
// after each of several random updates. TOLLGATE_SEED repeats a run.
func TestUpdatesAgainstTheWholePolicy(t *testing.T) {
	seed := randomSeed(t)
	counts := make(map[string]int)
	for run := range uint64(updateRuns) {
		w := newUpdateWorld(generator{rand.New(rand.NewPCG(seed, run))}, counts)
		if err := w.run(updatesPerRun); err != nil {
			t.Fatalf("TOLLGATE_SEED=%d, run %d: %v", seed, run, err)
		}
	}
	t.Log(counts)
	for _, kind := range []string{"in force", "defined twice", "is the id of both", "belongs to both", "not defined", "own parent", "subaccount itself"} {
		if counts[kind] < updateRuns/50 {
			t.Errorf("%q occurred only %d times", kind, counts[kind])
		}
	}
}

// FuzzUpdates does so with updates that are made of the bytes of the input. Run it with
// -fuzzminimizetime 1x: to find a smaller input with the same coverage takes a minute each.
func FuzzUpdates(f *testing.F) {
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 0))
		data := make([]byte, 4096)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newUpdateWorld(generator{rand.New(&bytesThenRandom{data, rand.NewPCG(1, 2)})}, make(map[string]int))
		if err := w.run(4); err != nil {
			t.Fatal(err)
		}
	})
}

// bytesThenRandom is a source of numbers made of bytes, and of others once those are used.
type bytesThenRandom struct {
	data []byte
	rest rand.Source
}

func (s *bytesThenRandom) Uint64() uint64 {
	if len(s.data) < 8 {
		return s.rest.Uint64()
	}
	n := binary.LittleEndian.Uint64(s.data)
	s.data = s.data[8:]
	return n
}

// updateWorld is a policy in two forms: as it is stated, and as updates made it.
type updateWorld struct {
	generator
	book     book
	attached map[string]policy.Attachment
	snapshot *policy.Snapshot
	// past are the snapshots before, with what they answered.
	past   []answered
	counts map[string]int
}

// answered is what a snapshot answered to intents.
type answered struct {
	snapshot *policy.Snapshot
	intents  []intent
	now      time.Time
	verdicts []policy.Verdict
}

func newUpdateWorld(g generator, counts map[string]int) *updateWorld {
	w := &updateWorld{generator: g, book: g.book(), attached: make(map[string]policy.Attachment), counts: counts}
	w.snapshot, _ = policy.New(w.book.definition())
	return w
}

// run makes so many updates, and says where the policy differs from the whole one.
func (w *updateWorld) run(updates int) error {
	for range updates {
		u, next, attached := w.update()
		d := next.definition()
		d.Attached = slices.Collect(maps.Values(attached))
		snapshot, err := w.snapshot.With(u)
		if conflicts := d.Conflicts(nil); err != nil || len(conflicts) > 0 {
			if err := w.sameConflict(err, conflicts); err != nil {
				return fmt.Errorf("%w\nupdate %+v\nof %s", err, u, w.book)
			}
			continue
		}
		whole, err := policy.New(d)
		if err != nil {
			return err
		}
		w.counts["in force"]++
		before := w.book
		w.book, w.attached, w.snapshot = next, attached, snapshot
		for name, s := range map[string]*policy.Snapshot{"": snapshot, "folded": snapshot.Folded()} {
			if err := w.compare(s, whole); err != nil {
				return fmt.Errorf("%s %w\nupdate %+v\nof %s", name, err, u, before)
			}
		}
		if w.one(3) {
			w.snapshot = snapshot.Folded()
		}
	}
	return w.comparePast()
}

// update is a random one, with what the policy states after it.
func (w *updateWorld) update() (u policy.Update, next book, attached map[string]policy.Attachment) {
	next, attached = w.book, maps.Clone(w.attached)
	next.accounts = slices.Clone(next.accounts)
	without := func(id string) {
		next.accounts = slices.DeleteFunc(next.accounts, func(a account) bool { return a.id == id })
	}
	var stated []account
	for range w.IntN(4) {
		stated = append(stated, w.restated())
	}
	for range w.IntN(2) * w.IntN(3) {
		u.Removed = append(u.Removed, w.anyID())
	}
	for _, id := range u.Removed {
		without(id)
	}
	for _, a := range stated {
		without(a.id)
	}
	for _, a := range stated {
		next.accounts = append(next.accounts, a)
		u.Accounts = append(u.Accounts, (&book{accounts: []account{a}}).definition().Accounts[0])
	}
	for range w.IntN(2) * w.IntN(3) {
		a := policy.Attachment{Account: w.anyID(), Suspended: policy.Switch{On: w.one(2), Reason: "fraud", Until: w.ends()}}
		u.Attached = append(u.Attached, a)
		attached[a.Account] = a
	}
	if w.one(4) {
		operator := w.generator.book()
		operator.accounts = nil
		d := operator.definition()
		u.Operator = &d
		operator.accounts = next.accounts
		next = operator
	}
	return u, next, attached
}

// restated is a random account. Some have an id or a credential of another.
func (w *updateWorld) restated() account {
	parent := ""
	if w.one(3) {
		parent = w.anyID()
	}
	n := w.IntN(accountsOfWorld)
	a := w.generator.account(n, parent)
	if w.one(2) && a.at == nil && len(w.book.accounts) > 0 {
		a.id, a.at = pick(w.generator, w.book.accounts).id, map[string]string{"twilio": accountID(n)}
	}
	if w.one(8) {
		a.credentials = append(a.credentials, credentialsOf(accountID(w.IntN(accountsOfWorld)))[0])
		slices.Sort(a.credentials)
		a.credentials = slices.Compact(a.credentials)
	}
	return a
}

// anyID is the own ID of an account, most often of one that is defined.
func (w *updateWorld) anyID() string {
	if len(w.book.accounts) > 0 && !w.one(5) {
		return pick(w.generator, w.book.accounts).id
	}
	n := w.IntN(accountsOfWorld)
	return pick(w.generator, []string{accountID(n), fmt.Sprintf("account-%d", n)})
}

// sameConflict says how the error of With differs from the conflicts of the whole policy.
func (w *updateWorld) sameConflict(err error, conflicts []policy.Conflict) error {
	if _, is := err.(policy.Conflict); !is {
		return fmt.Errorf("the error is %v, want one of %v", err, conflicts)
	}
	for _, c := range conflicts {
		if c.Error() == err.Error() {
			for _, words := range []string{"defined twice", "is the id of both", "belongs to both", "not defined", "own parent", "subaccount itself"} {
				if strings.Contains(err.Error(), words) {
					w.counts[words]++
				}
			}
			return nil
		}
	}
	return fmt.Errorf("the conflict is %q, want one of %v", err, conflicts)
}

// compare says how the answers of two snapshots differ.
func (w *updateWorld) compare(got, want *policy.Snapshot) error {
	now := w.now()
	record := answered{snapshot: got, now: now}
	for range askedPerUpdate {
		if len(w.book.accounts) == 0 {
			break
		}
		in := w.intent(w.book)
		verdict := ask(got, in, now)
		record.intents, record.verdicts = append(record.intents, in), append(record.verdicts, verdict)
		if other := ask(want, in, now); verdict != other {
			return fmt.Errorf("the verdict on %+v is %+v, want %+v", in, verdict, other)
		}
		if a, b := aboutSubject(got, in, now), aboutSubject(want, in, now); !reflect.DeepEqual(a, b) {
			return fmt.Errorf("the subject of %+v is\n%+v, want\n%+v", in, a, b)
		}
	}
	w.past = append(w.past, record)
	if a, b := aboutAll(got, now), aboutAll(want, now); !reflect.DeepEqual(a, b) {
		return fmt.Errorf("all are\n%+v, want\n%+v", a, b)
	}
	for n := range accountsOfWorld + 2 {
		for _, id := range []string{accountID(n), fmt.Sprintf("account-%d", n)} {
			if a, b := aboutAccount(got, id), aboutAccount(want, id); !reflect.DeepEqual(a, b) {
				return fmt.Errorf("account %s is\n%+v, want\n%+v", id, a, b)
			}
		}
	}
	return nil
}

// aboutSubject is what a snapshot says of whose an intent is.
func aboutSubject(s *policy.Snapshot, in intent, now time.Time) []any {
	subject := in.subject(s)
	_, steps := subject.Explain(in.send(), now)
	return []any{subject.Account(), subject.Name(), subject.Label(), subject.HasCredential(), subject.IsCovered(true), steps,
		subject.Basis(policy.Send{Channel: in.channel, Verification: in.verification}, now)}
}

// aboutAll is what a snapshot says of all accounts.
func aboutAll(s *policy.Snapshot, now time.Time) []any {
	timed := s.Timed()
	slices.SortFunc(timed, func(a, b policy.Timed) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return []any{s.Observe(now), s.OwnNames(), s.OpenVoice(), slices.Sorted(slices.Values(s.Monitored(now))), fmt.Sprint(timed),
		s.Unsupported(policy.Voice), s.ByRequest()}
}

// aboutAccount is what a snapshot says of an account, by its ID and by that at carriers.
func aboutAccount(s *policy.Snapshot, id string) []any {
	at, defined := s.At(id)
	about := []any{at, defined, s.Label(id)}
	for _, carrier := range worldCarriers {
		named := policy.CarrierAccount{Carrier: carrier, ID: id}
		own, ok := s.IDOf(named)
		hosts, stated := s.URLHosts(named)
		about = append(about, s.IDAt(carrier, id), s.Names(named), s.OwnName(named), own, ok, hosts, stated, s.Choices(named), s.Controls(named))
		if len(id) != len(accountID(0)) {
			continue
		}
		for _, credential := range credentialsOf(id) {
			holder, known := s.AccountOfCredential(carrier, credential)
			about = append(about, holder, known)
		}
	}
	return about
}

// comparePast says where a snapshot does not answer as it did before later updates.
func (w *updateWorld) comparePast() error {
	for _, p := range w.past {
		for i, in := range p.intents {
			if got := ask(p.snapshot, in, p.now); got != p.verdicts[i] {
				return fmt.Errorf("after later updates the verdict on %+v is %+v, and was %+v", in, got, p.verdicts[i])
			}
		}
	}
	return nil
}
