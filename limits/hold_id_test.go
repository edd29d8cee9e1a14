package limits_test

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/limits"
)

// unkeyed is the hash of a subject that anyone can compute.
func unkeyed(s limits.Subject) string {
	var text []byte
	for _, value := range append([]string{s.Counter}, s.Values...) {
		text = append(binary.LittleEndian.AppendUint32(text, uint32(len(value))), value...)
	}
	sum := sha256.Sum256(text)
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// Who has the ID of a hold and knows the policy tries all numbers, and finds none.
func TestTheNumberOfAHoldIsNotFoundByTryingAll(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, _ := holding(c, 15*time.Minute, time.Hour)
	held := limits.Subject{Limit: "number", Counter: "operator number", Values: []string{"12015550123"}}
	id := h.Begin(now, of, held, 1)
	for i := range 10_000 {
		tried := held
		tried.Values = []string{fmt.Sprintf("1201555%04d", i)}
		told := limits.Told{Subject: tried}
		if unkeyed(tried) != told.StoreID() {
			t.Fatal("the test does not compute what stores have")
		}
		if unkeyed(tried) == id {
			t.Fatalf("%s is found by %s", tried.Values[0], id)
		}
	}
}

func TestAHoldHasOneIDByOneSecret(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	ids := map[string]string{}
	for _, secret := range []string{"", "one", "one", "another", ""} {
		h := limits.NewHolds()
		of, _ := holding(limits.New(now), 15*time.Minute, time.Hour)
		before := h.Begin(now, of, block, 1)
		if secret != "" {
			h.UseSecret([]byte(secret))
		}
		id := h.List(now)[0].ID
		if known, ok := ids[secret]; secret != "" && ok && known != id {
			t.Errorf("by the secret %q it is %s and %s", secret, known, id)
		}
		for of, known := range ids {
			if known == id && (of != secret || secret == "") {
				t.Errorf("by %q it is %s, as by %q", secret, id, of)
			}
		}
		if ids[secret] = id; secret != "" && id == before {
			t.Error("a hold from before has the ID that it had")
		}
		if again := h.Begin(now, of, block, 1); again != id {
			t.Errorf("it began as %s, and is %s", again, id)
		}
	}
}

// What is walked each second is what has changed or is due, however many are held.
func BenchmarkTell(b *testing.B) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	c, h := limits.New(now), limits.NewHolds()
	of, _ := holding(c, 15*time.Minute, time.Hour)
	for i := range 100_000 {
		of.Key = c.Key(block.Counter, fmt.Sprint(i))
		s := block
		s.Values = []string{fmt.Sprint(i)}
		h.Begin(now, of, s, 1)
	}
	h.WasTold(h.Tell(now), c)
	for b.Loop() {
		if len(h.Tell(now)) != 0 {
			b.Fatal("something is told")
		}
	}
}

// Notices have the ID of a step, and no whole number.
func TestAStepHasOneIDByOneSecretAndAnotherForEachAmountAndPeriod(t *testing.T) {
	h, other := limits.NewHolds(), limits.NewHolds()
	number := limits.Subject{Counter: "operator number", Values: []string{"12015550123"}}
	if id := h.ThresholdID(&number, 80, 8, 1); id == other.ThresholdID(&number, 80, 8, 1) {
		t.Errorf("by two secrets it is %s", id)
	}
	h.UseSecret([]byte("one"))
	other.UseSecret([]byte("one"))
	if id, second := h.ThresholdID(&number, 80, 8, 1), other.ThresholdID(&number, 80, 8, 1); id != second {
		t.Errorf("by one secret it is %s and %s", id, second)
	}
	ids := map[string]bool{}
	another := limits.Subject{Counter: "operator number", Values: []string{"12015550124"}}
	for _, id := range []string{
		h.ThresholdID(&number, 80, 8, 1), h.ThresholdID(&another, 80, 8, 1), h.ThresholdID(&number, 100, 8, 1),
		h.ThresholdID(&number, 80, 16, 1), h.ThresholdID(&number, 80, 8, 2),
	} {
		if ids[id] {
			t.Errorf("%s is that of two", id)
		}
		ids[id] = true
	}
}
