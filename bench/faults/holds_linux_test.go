package faults_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
	"github.com/caddy-tollgate/tollgate/internal/harness/redis"
)

// heldThere are the holds that a gate lists.
type heldThere struct {
	Items  []struct{ ID, State string }
	KeptIn string `json:"kept_in"`
}

// holds asks a gate for what it holds.
func (g *gate) holds(t testing.TB) (held heldThere) {
	t.Helper()
	got, err := g.manage(http.MethodGet, "/holds", "")
	if err == nil {
		err = json.Unmarshal([]byte(got.body), &held)
	}
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("%+v, %v", got, err)
	}
	return held
}

// withoutStore takes the store out of the configuration of a gate that is not started.
func (g *gate) withoutStore(t testing.TB) {
	t.Helper()
	text, err := os.ReadFile(g.caddyfile)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("\t\tstore none\n", "", "\t\t\tpermissions_api write\n", "").Replace(string(text))
	if err := os.WriteFile(g.caddyfile, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Two gates that start at once name a hold alike, in their logs too, and one releases what the other
// holds. A number has another name with gates that share nothing with them.
func TestTwoGatesNameAHoldAlike(t *testing.T) {
	const policy = `
		default {
			messaging US
		}
		account AC00000000000000000000000000000001 "Acme" {
			messaging US
		}
		limit number 2/1h per number deny for 15m
		`
	ids := map[string]string{}
	for _, c := range []struct{ name, keptIn string }{{"a database", "store"}, {"another database", "store"}, {"Redis", "redis"}, {"another Redis", "redis"}} {
		var gates []*gate
		store, counters := "none", ""
		if c.keptIn == "store" {
			store = `postgres "` + postgres.Start(t).Database(t) + `"`
		} else {
			counters = "counters redis " + redis.Start(t).Address + " {\n\t\t\ttimeout 2s\n\t\t}\n"
		}
		for range 2 {
			g := newGate(t, store+policy+counters)
			if store == "none" {
				g.withoutStore(t)
			}
			g.start(t)
			gates = append(gates, g)
		}
		for _, g := range gates {
			g.process.AwaitListening(t, g.address)
			harness.AwaitNil(t, "the gate judges", func() error {
				_, err := g.send(accountID(0), "UZ")
				return err
			})
		}
		for i, want := range []bool{true, true, false} {
			if sent, err := gates[0].send(accountID(0), "US"); sent != want || err != nil {
				t.Errorf("%s: send %d is %t, %v", c.name, i, sent, err)
			}
		}
		first := gates[0].holds(t)
		if len(first.Items) != 1 || first.KeptIn != c.keptIn {
			t.Fatalf("%s: the first gate holds %+v", c.name, first)
		}
		id := first.Items[0].ID
		harness.Await(t, "the other gate holds it too", func() bool { return len(gates[1].holds(t).Items) == 1 })
		if second := gates[1].holds(t); second.Items[0].ID != id {
			t.Errorf("%s: one gate names the hold %s and the other %s", c.name, id, second.Items[0].ID)
		}
		if sent, err := gates[1].send(accountID(0), "US"); sent || err != nil {
			t.Errorf("%s: the other gate sends what is held, %v", c.name, err)
		}
		for i, g := range gates {
			harness.AwaitNil(t, "the log has the hold", func() error {
				text, err := os.ReadFile(g.accessLog)
				if err == nil && !strings.Contains(string(text), `"hold":"`+id+`"`) {
					err = fmt.Errorf("%s: the log of gate %d has no hold %s: %s", c.name, i, id, text)
				}
				return err
			})
		}
		for other, known := range ids {
			if known == id {
				t.Errorf("the number is %s with %s, and with %s", id, c.name, other)
			}
		}
		ids[c.name] = id
		if got, err := gates[1].manage(http.MethodDelete, "/holds?all=true&reason=ours", ""); err != nil || got.status != http.StatusOK || !strings.Contains(got.body, id) {
			t.Errorf("%s: the release is answered %+v, %v", c.name, got, err)
		}
		harness.Await(t, "the first gate has released it", func() bool { return len(gates[0].holds(t).Items) == 0 })
		if sent, err := gates[0].send(accountID(0), "US"); !sent || err != nil {
			t.Errorf("%s: once it is released, it is not sent, %v", c.name, err)
		}
		for _, g := range gates {
			g.kill()
		}
	}
}
