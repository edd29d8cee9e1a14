package policy_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// inPanic is the policy of a book in a panic.
func inPanic(t *testing.T, b book, protected ...string) *policy.Snapshot {
	t.Helper()
	snapshot, err := policy.New(b.definition())
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err = snapshot.With(policy.Update{Panic: &policy.Panic{On: true, Reason: "leaked", Since: noon, Protected: protected}})
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func TestAPanicLeavesHome(t *testing.T) {
	all := places("*")
	home := account{home: "US", permits: all}
	for _, c := range []struct {
		says      string
		book      book
		protected []string
		in        intent
		want      string
	}{
		{"home is open", one(home), nil, sms(inUS), "allow enabled"},
		{"nothing else is", one(home), nil, sms(inDE), "deny panic"},
		{"without a home nothing is", one(account{permits: all}), nil, sms(inUS), "deny panic"},
		{"home is not opened", one(account{home: "US", permits: places("DE")}), nil, sms(inUS), "deny territory_not_enabled"},
		{"home is low risk", one(account{home: "US", permits: permits{voice: [][]string{{"*"}, {"*"}}}}), nil, call(premiumUS), "deny panic"},
		{"a subaccount has its parent's home", one(home), nil, sms(inUS).by(sub), "allow enabled"},
		{"and no more", one(home), nil, sms(inDE).by(sub), "deny panic"},
		{"an allow rule is closed", one(home, allow("4915")), nil, sms(inDE), "deny panic"},
		{"an opening is closed", one(account{home: "US", openings: []opening{opens("DE")}}), nil, sms(inDE), "deny panic"},
		{"a block names itself", one(home, block("4915")), nil, sms(inDE), "deny prefix_blocked"},
		{"a monitored account is closed too", one(account{home: "US", permits: all, monitor: true}), nil, sms(inDE), "deny panic"},
		{"what is stored is closed", one(home), nil, sms(inUS).toStored(), "deny panic"},
		{"one of several territories at home is enough", one(account{home: "CA", permits: all}), nil, sms(tollFree), "allow enabled"},
		{"all of a number's territories must be at home", one(account{home: "RU", permits: all}), nil, sms(ruOrKZ), "deny panic"},
		{"who is protected goes on", one(home), []string{company}, sms(inDE), "allow enabled"},
		{"and its subaccounts", one(home), []string{company}, sms(inDE).by(sub), "allow enabled"},
		{"a protected subaccount protects no parent", one(home), []string{sub}, sms(inDE), "deny panic"},
		{"what is stored for who is protected goes on", one(home), []string{company}, sms(inUS).toStored(), "allow stored_target"},
	} {
		t.Run(c.says, func(t *testing.T) {
			v := ask(inPanic(t, c.book, c.protected...), c.in, noon)
			if got := v.Outcome.String() + " " + string(v.Reason); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// A panic may only close, its steps lead to its verdict, and its end restores every verdict.
func TestAPanicNeverOpensAndItsEndRestores(t *testing.T) {
	seed, closed := uint64(time.Now().UnixNano()), 0
	for i := range uint64(500) {
		g := generator{rand.New(rand.NewPCG(seed, i))}
		b := g.book()
		before, err := policy.New(b.definition())
		if err != nil {
			t.Fatal(err)
		}
		during := inPanic(t, b)
		after, err := during.With(policy.Update{Panic: new(policy.Panic)})
		if err != nil {
			t.Fatal(err)
		}
		for range sendsPerPolicy {
			in, now := g.intent(b), g.now()
			was, is := ask(before, in, now), ask(during, in, now)
			if is.Reason == policy.PanicClosed {
				closed++
			}
			if is.Reason != policy.PanicClosed && is.Severity() < was.Severity() {
				t.Fatalf("seed %d, policy %d: a panic makes %+v of %+v\n%s\n%+v", seed, i, is, was, b, in)
			}
			if again := ask(after, in, now); again != was {
				t.Fatalf("seed %d, policy %d: after a panic %+v is %+v\n%s\n%+v", seed, i, was, again, b, in)
			}
			if in.stored || in.control != "" || in.url != "" {
				continue
			}
			verdict, steps := in.subject(during).Explain(in.send(), now)
			if problem := disorder(verdict, steps); problem != "" || verdict != is {
				t.Fatalf("seed %d, policy %d: %s: Explain says %+v, Judge %+v\n%s", seed, i, problem, verdict, is, table(steps))
			}
		}
	}
	if closed == 0 {
		t.Error("no verdict is that of the panic")
	}
}
