package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// holdTime is a time of holds.
var holdTime = time.Date(2026, 11, 30, 3, 0, 0, 123456789, time.UTC)

// kept is a hold that changed some minutes later, and is over some minutes later, unless that is 0.
func kept(id, word string, changed, over int) store.KeptHold {
	k := store.KeptHold{ID: id, Document: []byte(`{"word":"` + word + `"}`), Changed: holdTime.Add(time.Duration(changed) * time.Minute)}
	if over > 0 {
		k.Over = holdTime.Add(time.Duration(over) * time.Minute)
	}
	return k
}

func writeHolds(t *testing.T, s store.Store, minutes int, list ...store.KeptHold) {
	t.Helper()
	if err := s.Holds().Write(within(t), holdTime.Add(time.Duration(minutes)*time.Minute), list); err != nil {
		t.Fatalf("writing holds: %v", err)
	}
}

// holdsAfter are those that were written after a number, as words, and the number of the last.
func holdsAfter(t *testing.T, s store.Store, after int64) (words string, last int64) {
	t.Helper()
	var list []string
	last, err := s.Holds().Changes(within(t), after, func(k store.KeptHold) error {
		text := fmt.Sprint(k.ID, " ", strings.Split(string(k.Document), `"`)[3], " ", k.Changed.Sub(holdTime))
		if !k.Over.IsZero() {
			text += fmt.Sprint(" ", k.Over.Sub(holdTime))
		}
		list = append(list, text)
		return nil
	})
	if err != nil {
		t.Fatalf("reading holds: %v", err)
	}
	slices.Sort(list)
	return strings.Join(list, ", "), last
}

func holdsKeepTheLatest(t *testing.T, o Opener) {
	s := o.open(t)
	if words, last := holdsAfter(t, s, 0); words != "" || last != 0 {
		t.Errorf("an empty store has %q up to %d", words, last)
	}
	writeHolds(t, s, 0, kept("a", "first", 1, 0), kept("b", "first", 1, 20))
	words, first := holdsAfter(t, s, 0)
	if words != "a first 1m0s, b first 1m0s 20m0s" {
		t.Errorf("it has %q", words)
	}
	writeHolds(t, s, 10, kept("a", "late", 0, 0), kept("b", "second", 2, 30))
	words, second := holdsAfter(t, s, first)
	if words != "b second 2m0s 30m0s" || second <= first {
		t.Errorf("after %d it has %q up to %d", first, words, second)
	}
	writeHolds(t, s, 30)
	if words, _ := holdsAfter(t, s, 0); words != "a first 1m0s" {
		t.Errorf("once one is over it has %q", words)
	}
	if lines, revision := read(t, s); len(lines) != 0 || revision != 0 {
		t.Errorf("a hold is not a change, yet it reads %q at revision %d", lines, revision)
	}
}

// holdsOfMany has several gates that write at once, and one that reads what is new meanwhile.
func holdsOfMany(t *testing.T, o Opener) {
	s := o.open(t)
	const gates, writes = 3, 20
	done := make(chan error, gates)
	for g := range gates {
		of := s
		if o.Shared {
			of = o.open(t)
		}
		go func() {
			for i := range writes {
				if err := of.Holds().Write(within(t), holdTime, []store.KeptHold{kept(fmt.Sprintf("%d-%d", g, i), "held", i, 0)}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	seen, number := map[string]bool{}, int64(0)
	look := func() {
		words, last := holdsAfter(t, s, number)
		number = last
		for word := range strings.SplitSeq(words, ", ") {
			seen[word] = true
		}
		delete(seen, "")
	}
	for range gates {
		look()
		if err := <-done; err != nil {
			t.Errorf("writing holds: %v", err)
		}
	}
	if look(); len(seen) != gates*writes {
		t.Errorf("who followed has seen %d and not %d", len(seen), gates*writes)
	}
}

// holdsHaveOneSecret has several gates propose a secret at once.
func holdsHaveOneSecret(t *testing.T, o Opener) {
	s := o.open(t)
	const gates = 4
	secrets := make(chan string, gates)
	for g := range gates {
		of := s
		if o.Shared {
			of = o.open(t)
		}
		go func() {
			secret, err := of.Holds().Secret(within(t), []byte{byte(g), 0xff, 0, '\''})
			secrets <- fmt.Sprintf("%x %v", secret, err)
		}()
	}
	first := <-secrets
	if !strings.HasSuffix(first, "ff0027 <nil>") {
		t.Fatalf("a gate has %s", first)
	}
	for range gates - 1 {
		if secret := <-secrets; secret != first {
			t.Errorf("one gate has %s and another %s", first, secret)
		}
	}
	writeHolds(t, s, 0, kept("a", "held", 1, 0))
	if secret, err := s.Holds().Secret(within(t), []byte("late")); fmt.Sprintf("%x %v", secret, err) != first {
		t.Errorf("after a write it is %x, %v", secret, err)
	}
}
