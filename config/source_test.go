package config_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
)

// What one of two documents states and the other does not, both say together.
func TestMergingLosesNothing(t *testing.T) {
	seed := seed(t)
	for i := range uint64(500) {
		d := configtest.Document(rand.New(rand.NewPCG(seed, i)))
		stated, empty := config.Source{Document: d}, config.Source{}
		for _, sources := range [][]config.Source{{stated, empty}, {empty, stated}} {
			if got := config.Merge(sources...); !reflect.DeepEqual(got, d) {
				t.Fatalf("TOLLGATE_SEED=%d, document %d: got %+v, want %+v", seed, i, got, d)
			}
		}
	}
}

func TestWhatCanBeStatedOnceStandsInOneDocument(t *testing.T) {
	for _, member := range []string{
		`"national":"strict"`, `"default":{}`, `"stored":"deny"`, `"unscoped_service":"deny"`, `"messaging_special":"deny"`, `"unallocated":{"voice":"deny"}`, `"url_hosts":[]`, `"max_call":"15m"`,
		`"unsupported":{"messaging":[]}`, `"by_request":{"voice":[]}`,
	} {
		one := config.Source{Document: parse(t, "{"+member+"}")}
		name := strings.Split(member, `"`)[1]
		if _, err := config.Compile(carriers, one, one); err == nil || !strings.Contains(err.Error(), "is already stated at "+name) {
			t.Errorf("%s: %v", member, err)
		}
	}
}
