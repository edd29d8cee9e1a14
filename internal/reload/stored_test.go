package reload_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
	"github.com/caddy-tollgate/tollgate/store/sqlite"
)

// newStored returns a loader of a policy file and a store, both loaded.
func newStored(t *testing.T, file string, kept store.Store) *reload.Loader {
	t.Helper()
	l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, file, config.Document{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	rates := filepath.Join(t.TempDir(), "rates.csv")
	writeFile(t, rates, []byte(configtest.Rates))
	if l.Rates, err = (reload.Resolver{Replace: replace}).NewRatesFile(rates, zap.NewNop()); err != nil {
		t.Fatal(err)
	}
	l.UseStore(&reload.Stored{Open: func(context.Context) (store.Store, error) { return kept, nil }, Now: time.Now})
	if _, err := l.Load(); err != nil {
		t.Fatal(err)
	}
	return l
}

func openSQLite(t *testing.T) store.Store {
	t.Helper()
	kept, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "permissions.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	return kept
}

// change makes one change.
func change(l *reload.Loader, objects ...store.Object) error {
	_, _, err := l.Change(context.Background(), false, func(context.Context, store.Store, *reload.Loaded) ([]store.Object, []audit.Record, error) {
		return objects, make([]audit.Record, len(objects)), nil
	})
	return err
}

// world is a random policy: what a file states, and what is done to the store.
type world struct {
	random   *rand.Rand
	document config.Document
	accounts []config.Account // that the store may have
}

func newWorld(seed uint64) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 0))}
	for len(w.accounts) < 3 {
		w.document = configtest.Document(w.random)
		w.accounts = w.document.Accounts
	}
	// One stays in the file, with what is stated for all; no parent of it may be elsewhere.
	w.document.Accounts = nil
	return w
}

// object is a random change of one object.
func (w *world) object() store.Object {
	account := w.accounts[w.random.IntN(len(w.accounts))]
	switch w.random.IntN(7) {
	case 0:
		return store.Object{Kind: store.Account, ID: account.ID}
	case 1:
		return store.Object{Kind: store.Suspension, ID: account.ID, Document: w.maybe(`{"reason": "fraud"}`)}
	case 2:
		opening := `{"in_force": true, "account": "` + account.ID + `", "openings": [{"territory": "DE", "reason": "fair", "until": "2031-01-01"}]}`
		return store.Object{Kind: store.Opening, ID: "opening of " + account.ID, Document: w.maybe(opening)}
	case 3:
		return store.Object{Kind: store.Block, ID: "1", Document: w.maybe(`{"block": "+4915", "reason": "pumping"}`)}
	}
	text, _ := json.Marshal(&account)
	return store.Object{Kind: store.Account, ID: account.ID, Document: text}
}

// maybe is a document, or its deletion.
func (w *world) maybe(document string) json.RawMessage {
	if w.random.IntN(3) == 0 {
		return nil
	}
	return json.RawMessage(document)
}

// A policy that was changed step by step is the one that a gate has which starts now.
func TestAPolicyThatWasChangedIsTheOneThatIsReadFromTheStart(t *testing.T) {
	made := 0
	for seed := range uint64(30) {
		w := newWorld(seed)
		file := filepath.Join(t.TempDir(), "policy.json")
		text, err := json.Marshal(struct {
			Version int `json:"version"`
			config.Document
		}{1, w.document})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		kept := openSQLite(t)
		l := newStored(t, file, kept)
		for range 40 {
			before := l.Current()
			if err := change(l, w.object()); err != nil {
				if l.Current() != before {
					t.Fatalf("seed %d: a change that failed is in force: %v", seed, err)
				}
				continue // such as a parent that is not there
			}
			made++
		}
		fresh := newStored(t, file, kept)
		if got, want := w.answers(l.Current()), w.answers(fresh.Current()); !maps.Equal(got, want) {
			for question, answer := range want {
				if got[question] != answer {
					t.Errorf("seed %d: %s: %s, from the start %s", seed, question, got[question], answer)
				}
			}
		}
	}
	if made < 300 {
		t.Errorf("only %d changes were made", made)
	}
}

// media of the channels that are asked about.
var media = map[policy.Channel]address.Medium{policy.Messaging: address.ForMessage, policy.Voice: address.ForCall}

// answers are what a policy says about its accounts.
func (w *world) answers(p *reload.Loaded) map[string]string {
	reader := address.Reader{Plan: p.Plan, Dialect: &address.Dialect{}}
	now := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	answers := map[string]string{
		"revision": p.Snapshot.Revision(), "accounts": fmt.Sprint(p.Accounts), "names": fmt.Sprint(p.Snapshot.OwnNames()),
	}
	for _, timed := range p.Snapshot.Timed() {
		answers["timed "+timed.Words+timed.Until.String()] = timed.Reason
	}
	for _, a := range w.accounts {
		ids, _ := p.Snapshot.At(a.ID)
		for _, at := range append(slices.Clone(ids), policy.CarrierAccount{Carrier: "twilio", ID: a.ID}) {
			for _, to := range []string{"+4915112345678", "+12015550123", "+998912345678", "+447400123456"} {
				for _, channel := range []policy.Channel{policy.Messaging, policy.Voice} {
					subject := p.Snapshot.SubjectOf(at)
					v := subject.Judge(&policy.Send{Channel: channel, Destination: reader.Read(to, media[channel])}, now)
					answers[fmt.Sprint(at, " ", channel, " ", to)] = fmt.Sprint(v.Outcome, " ", v.Reason, " ", v.Rule)
				}
			}
		}
	}
	return answers
}

func TestAChangeOfAnotherGateIsPutInForce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte("version: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept := openSQLite(t)
	one, other := newStored(t, file, kept), newStored(t, file, kept)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changed := make(chan string)
	go other.Follow(ctx, func() { changed <- other.Current().Snapshot.Revision() })
	for range 3 {
		id := fmt.Sprintf("a%d", one.Current().StoreRevision)
		document := fmt.Sprintf(`{"id": %q, "at": {"twilio": "AC%032d"}}`, id, one.Current().StoreRevision)
		if err := change(one, store.Object{Kind: store.Account, ID: id, Document: []byte(document)}); err != nil {
			t.Fatal(err)
		}
		select {
		case revision := <-changed:
			if revision != one.Current().Snapshot.Revision() {
				t.Errorf("the other has %s, and one %s", revision, one.Current().Snapshot.Revision())
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the other does not follow")
		}
	}
	// A change of one that has not heard of the last one is made by what is in force then.
	if err := change(other, store.Object{Kind: store.Account, ID: "a0"}); err != nil {
		t.Fatal(err)
	}
	if err := change(one, store.Object{Kind: store.Account, ID: "a1"}); err != nil {
		t.Fatal(err)
	}
	if one.Current().StoreRevision != 5 || one.Current().Accounts != 1 {
		t.Errorf("revision %d, %d accounts", one.Current().StoreRevision, one.Current().Accounts)
	}
}

// What is not in force is refused, as a whole, and leaves the store as it was.
func TestAChangeWithAMistakeIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	const ofFile = "AC11111111111111111111111111111111"
	if err := os.WriteFile(file, []byte("version: 1\naccounts:\n  - id: "+ofFile+"\n    keys: [SK11111111111111111111111111111111]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept := openSQLite(t)
	l := newStored(t, file, kept)
	account := func(id, members string) store.Object {
		return store.Object{Kind: store.Account, ID: id, Document: []byte(fmt.Sprintf(`{"id": %q, "at": {"twilio": "AC33333333333333333333333333333333"}%s}`, id, members))}
	}
	for _, c := range []struct {
		name    string
		objects []store.Object
		says    string
	}{
		{"what a file states", []store.Object{{Kind: store.Account, ID: ofFile, Document: []byte(`{"id": "` + ofFile + `"}`)}}, "a file states it"},
		{"the deletion of that", []store.Object{{Kind: store.Account, ID: ofFile}}, "a file states it"},
		{"a key of an account of a file", []store.Object{account("acme", `, "keys": ["SK11111111111111111111111111111111"]`)}, "belongs to both"},
		{"another spelling of an id", []store.Object{{Kind: store.Account, ID: "AC" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Document: []byte(`{"id": "ACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`)}}, "write its id as ACaaaa"},
		{"one of two", []store.Object{account("acme", ""), {Kind: store.Account, ID: "b", Document: []byte(`{"id": "b", "mesaging": []}`)}}, "mesaging"},
		{"settings that are not a document", []store.Object{{Kind: store.Settings, Document: []byte(`{"accounts": 1}`)}}, "accounts"},
		{"an opening without an end", []store.Object{{Kind: store.Opening, ID: "1", Document: []byte(`{"in_force": true, "account": "` + ofFile + `", "openings": [{"territory": "DE", "reason": "fair"}]}`)}}, "until"},
		{"a block without a reason", []store.Object{{Kind: store.Block, ID: "1", Document: []byte(`{"block": "+1900"}`)}}, "reason"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := l.Current()
			err := change(l, c.objects...)
			if err == nil || !strings.Contains(err.Error(), c.says) || !errors.Is(err, reload.ErrInvalid) {
				t.Errorf("error is %v", err)
			}
			version, err := kept.Read(t.Context(), func(store.Object) error { return errors.New("something is kept") })
			if err != nil || version.Revision != 0 || l.Current() != before {
				t.Errorf("%v, %v", version, err)
			}
		})
	}
}

// Only where it is asked for, a store that has been away for too long is not judged by.
func TestAPolicyIsInForceForAsLongAsItsStoreMayBeAway(t *testing.T) {
	for _, c := range []struct {
		name            string
		denyAfter, away time.Duration
		want            bool
	}{
		{"a moment", 5 * time.Minute, time.Minute, true},
		{"too long", 5 * time.Minute, 6 * time.Minute, false},
		{"long, where no end is stated", 0, time.Hour, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			kept, now := openSQLite(t), time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
			l, err := reload.NewLoader(reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}, "", config.Document{}, zap.NewNop())
			if err != nil {
				t.Fatal(err)
			}
			l.UseStore(&reload.Stored{
				Open:      func(context.Context) (store.Store, error) { return kept, nil },
				DenyAfter: c.denyAfter, Now: func() time.Time { return now },
			})
			if _, err := l.Load(); err != nil {
				t.Fatal(err)
			}
			if !l.Current().InForce() {
				t.Fatal("it is not in force when it was read")
			}
			now = now.Add(c.away)
			if got := l.Current().InForce(); got != c.want {
				t.Errorf("in force: %t", got)
			}
			// An answer, here before a change, begins the time again.
			if err := change(l, store.Object{Kind: store.Block, ID: "1", Document: []byte(`{"block": "+1900", "reason": "premium"}`)}); err != nil || !l.Current().InForce() {
				t.Errorf("once it has answered, in force: %t; %v", l.Current().InForce(), err)
			}
		})
	}
}

// restored is a store that was put back from an earlier copy.
type restored struct{ store.Store }

// A store that was put back has changes whose numbers other ones had, which the gate has in
// force. By the number alone it would follow, or see nothing amiss.
func TestAStoreThatWasPutBackIsReadAgain(t *testing.T) {
	named := func(name string) store.Object {
		document := fmt.Sprintf(`{"id": %q, "at": {"twilio": "AC%s%s"}}`, name, strings.Repeat("0", 31), name[1:])
		return store.Object{Kind: store.Account, ID: name, Document: []byte(document)}
	}
	for _, c := range []struct {
		name  string
		since []string // what others have changed since the store was put back
	}{
		{"to fewer changes", nil},
		{"and has as many changes again", []string{"a3", "a4"}},
		{"and has more changes than before", []string{"a3", "a4", "a5"}},
	} {
		for _, way := range []struct {
			name string
			find func(*testing.T, *reload.Loader) (also []string)
		}{
			{"found by following", func(t *testing.T, l *reload.Loader) []string {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				l.Follow(ctx, cancel)
				return nil
			}},
			{"found by a change", func(t *testing.T, l *reload.Loader) []string {
				if err := change(l, named("a6")); err != nil {
					t.Error(err)
				}
				return []string{"a6"}
			}},
			{"found by a reload", func(t *testing.T, l *reload.Loader) []string {
				if changed, err := l.Load(); err != nil || !changed {
					t.Errorf("the reload changes something: %t, %v", changed, err)
				}
				return nil
			}},
		} {
			t.Run(c.name+", "+way.name, func(t *testing.T) {
				kept := &restored{openSQLite(t)}
				l := newStored(t, "", kept)
				for _, name := range []string{"a1", "a2"} {
					if err := change(l, named(name)); err != nil {
						t.Fatal(err)
					}
				}
				kept.Store = openSQLite(t) // the copy: empty
				other := newStored(t, "", kept.Store)
				for _, name := range c.since {
					if err := change(other, named(name)); err != nil {
						t.Fatal(err)
					}
				}
				want := append(slices.Clone(c.since), way.find(t, l)...)
				current := l.Current()
				if names := current.Snapshot.OwnNames(); !slices.Equal(names, want) || int(current.StoreRevision) != len(want) || current.Accounts != len(want) {
					t.Errorf("revision %d of %v is in force, and not %v", current.StoreRevision, names, want)
				}
			})
		}
	}
}

// A change is not made by what was lost, if the store goes back while it is checked.
func TestAChangeCheckedByALostRevisionIsNotMade(t *testing.T) {
	kept := &restored{openSQLite(t)}
	l := newStored(t, "", kept)
	block := func(id, reason string) store.Object {
		return store.Object{Kind: store.Block, ID: id, Document: []byte(fmt.Sprintf(`{"block": "+19%s", "reason": %q}`, id, reason))}
	}
	if err := change(l, block("1", "lost")); err != nil {
		t.Fatal(err)
	}
	checked := 0
	_, _, err := l.Change(t.Context(), false, func(_ context.Context, s store.Store, _ *reload.Loaded) ([]store.Object, []audit.Record, error) {
		if checked++; checked == 1 {
			kept.Store = openSQLite(t)
			if err := change(newStored(t, "", kept.Store), block("2", "kept")); err != nil {
				return nil, nil, err
			}
		}
		if _, err := s.Get(t.Context(), store.Block, "2"); err != nil {
			return nil, nil, err
		}
		return []store.Object{block("3", "new")}, nil, nil
	})
	if err != nil || checked != 2 || l.Current().StoreRevision != 2 {
		t.Errorf("checked %d times, at revision %d: %v", checked, l.Current().StoreRevision, err)
	}
	if l.StoreRereads() != 1 {
		t.Errorf("the store was read again %d times", l.StoreRereads())
	}
}
