package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

// keptIncident is over some minutes later, unless that is 0.
func keptIncident(id, word string, over int) store.KeptIncident {
	k := store.KeptIncident{ID: id, Document: []byte(`{"word":"` + word + `"}`)}
	if over > 0 {
		k.Over = holdTime.Add(time.Duration(over) * time.Minute)
	}
	return k
}

// incidentWords are some of what is kept, in words.
func incidentWords(list ...store.KeptIncident) string {
	var words []string
	for _, k := range list {
		text := k.ID + " " + strings.Split(string(k.Document), `"`)[3]
		if !k.Over.IsZero() {
			text += " " + k.Over.Sub(holdTime).String()
		}
		words = append(words, text)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

func incidentsAfter(t *testing.T, s store.Store, after int64) (words string, last int64) {
	t.Helper()
	var list []store.KeptIncident
	last, err := s.Incidents().Changes(within(t), after, func(k store.KeptIncident) error {
		list = append(list, k)
		return nil
	})
	if err != nil {
		t.Fatalf("reading incidents: %v", err)
	}
	return incidentWords(list...), last
}

func incidentsAreKept(t *testing.T, o Opener) {
	s := o.open(t)
	update := func(minutes int, ids []string, want string, list ...store.KeptIncident) {
		t.Helper()
		err := s.Incidents().Update(within(t), holdTime.Add(time.Duration(minutes)*time.Minute), ids, func(kept map[string]store.KeptIncident) ([]store.KeptIncident, error) {
			var known []store.KeptIncident
			for id, k := range kept {
				if k.ID != id {
					t.Errorf("%s has the ID %s", id, k.ID)
				}
				known = append(known, k)
			}
			if got := incidentWords(known...); got != want {
				t.Errorf("kept is %q, want %q", got, want)
			}
			return list, nil
		})
		if err != nil {
			t.Fatalf("writing incidents: %v", err)
		}
	}
	update(0, []string{"a"}, "", keptIncident("a", "first", 0), keptIncident("b", "first", 20))
	words, first := incidentsAfter(t, s, 0)
	if words != "a first, b first 20m0s" || first <= 0 {
		t.Errorf("it has %q up to %d", words, first)
	}
	update(1, []string{"b", "c", "a"}, "a first, b first 20m0s", keptIncident("b", "second", 30))
	if words, _ := incidentsAfter(t, s, first); words != "b second 30m0s" {
		t.Errorf("after %d it has %q", first, words)
	}
	refused := errors.New("refused")
	if err := s.Incidents().Update(within(t), holdTime, nil, func(map[string]store.KeptIncident) ([]store.KeptIncident, error) {
		return []store.KeptIncident{keptIncident("a", "third", 0)}, refused
	}); !errors.Is(err, refused) {
		t.Errorf("what the function refuses returns %v", err)
	}
	update(30, []string{"a", "b"}, "a first, b second 30m0s")
	if words, _ := incidentsAfter(t, s, 0); words != "a first" {
		t.Errorf("once one is over it has %q", words)
	}
	if lines, revision := read(t, s); len(lines) != 0 || revision != 0 {
		t.Errorf("an incident is not a change, yet it reads %q at revision %d", lines, revision)
	}
}

// incidentsOfMany has several gates ask at once for each of some incidents whether it is told.
func incidentsOfMany(t *testing.T, o Opener) {
	s := o.open(t)
	const gates, incidents = 3, 20
	told := make(chan string, gates*incidents)
	done := make(chan error, gates)
	for range gates {
		of := s
		if o.Shared {
			of = o.open(t)
		}
		go func() {
			for i := range incidents {
				id, isFirst := fmt.Sprint("incident ", i), false
				err := of.Incidents().Update(within(t), holdTime, []string{id}, func(kept map[string]store.KeptIncident) ([]store.KeptIncident, error) {
					_, isKnown := kept[id]
					if isFirst = !isKnown; !isFirst {
						return nil, nil
					}
					return []store.KeptIncident{keptIncident(id, "told", 0)}, nil
				})
				if err != nil {
					done <- err
					return
				}
				if isFirst {
					told <- id
				}
			}
			done <- nil
		}()
	}
	for range gates {
		if err := <-done; err != nil {
			t.Errorf("writing incidents: %v", err)
		}
	}
	close(told)
	counted := map[string]int{}
	for id := range told {
		counted[id]++
	}
	for i := range incidents {
		if id := fmt.Sprint("incident ", i); counted[id] != 1 {
			t.Errorf("%s is told by %d gates", id, counted[id])
		}
	}
}
