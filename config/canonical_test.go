package config_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/policy"
)

// compile compiles documents that are known to be right.
func compile(t *testing.T, documents ...config.Document) config.Compiled {
	t.Helper()
	var sources []config.Source
	for _, d := range documents {
		sources = append(sources, config.Source{Document: d})
	}
	compiled, err := config.Compile(carriers, sources...)
	if err != nil {
		t.Fatal(err)
	}
	// What comes from the carriers is not stated, and functions are never equal.
	compiled.Definition.IsService, compiled.Definition.Restrictions = nil, policy.Restrictions{}
	return compiled
}

// inEitherCase holds a territory in lower case wherever one may be, and a host in capitals.
const inEitherCase = `{"default":{"messaging":["us","*"],"voice":{"low_risk":["us"],"high_risk_special":["Us"],"high_risk_tollfraud":["uS"]},
		"verify":{"messaging":["us"]}},
	"url_hosts":["HOOKS.example.com"],"ranges":[{"prefix":"+1924","territory":"us"}],"unsupported":{"messaging":["us"],"voice":["us"]},
	"by_request":{"voice":["us"]},"limits":[{"name":"us","amount":"1/1h","per":["header:x-user-id"]}],
	"accounts":[{"id":"` + acme + `","limits":[{"name":"us","amount":"1/1h","per":["key","header:X-USER-ID"]}],"label":"us","home":"us","openings":[{"territory":"de","reason":"us","until":"2026-12-04"}],"approved":[{"territory":"us","channel":"voice","reason":"us"}],
		"verify":{"messaging":["us"]},"url_hosts":["HOOKS.example.com"],"senders":{"us":{"messaging":["us"],"voice":{"low_risk":["us"]}}}}]}`

func TestAPolicyInAnyLetterCaseHasOneSum(t *testing.T) {
	want := compile(t, parse(t, `{"default":{"messaging":["US","*"],"voice":{"low_risk":["US"],"high_risk_special":["US"],"high_risk_tollfraud":["US"]},
			"verify":{"messaging":["US"]}},
		"url_hosts":["hooks.example.com"],"ranges":[{"prefix":"+1924","territory":"US"}],"unsupported":{"messaging":["US"],"voice":["US"]},
		"by_request":{"voice":["US"]},"limits":[{"name":"us","amount":"1/1h","per":["header:X-User-Id"]}],
		"accounts":[{"id":"`+acme+`","limits":[{"name":"us","amount":"1/1h","per":["key","header:X-User-Id"]}],"label":"us","home":"US","openings":[{"territory":"DE","reason":"us","until":"2026-12-04"}],"approved":[{"territory":"US","channel":"voice","reason":"us"}],
			"verify":{"messaging":["US"]},"url_hosts":["hooks.example.com"],"senders":{"us":{"messaging":["US"],"voice":{"low_risk":["US"]}}}}]}`))
	d := parse(t, inEitherCase)
	merged := config.Merge(config.Source{Document: d})
	if merged.Default.Messaging[0] != "US" || merged.Accounts[0].Home != "US" || merged.URLHosts[0] != "hooks.example.com" || merged.Limits[0].Per[0] != "header:X-User-Id" {
		t.Errorf("merged to %+v", merged)
	}
	if got := compile(t, d); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if !reflect.DeepEqual(d, parse(t, inEitherCase)) {
		t.Errorf("compiling changed the document to %+v", d)
	}
	renamed := parse(t, strings.Replace(inEitherCase, `"label":"us"`, `"label":"US"`, 1))
	if compile(t, renamed).Sum == want.Sum {
		t.Error("a name in capitals has the same sum")
	}
}

func TestAPolicyInTwoDocumentsHasTheSumOfTheWhole(t *testing.T) {
	seed := seed(t)
	for i := range uint64(100) {
		d := configtest.Document(rand.New(rand.NewPCG(seed, i)))
		rest := config.Document{Accounts: d.Accounts}
		first := d
		first.Accounts = nil
		if whole, split := compile(t, d), compile(t, first, rest); whole.Sum != split.Sum {
			t.Fatalf("TOLLGATE_SEED=%d, document %d: %x and %x", seed, i, whole.Sum, split.Sum)
		}
	}
}
