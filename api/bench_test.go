package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/store"
)

// BenchmarkRequests measures requests over a store of 10,000 accounts.
func BenchmarkRequests(b *testing.B) {
	const accounts = 10_000
	m := manage(b, "")
	var objects []store.Object
	for i := range accounts {
		a := config.Account{ID: sid(i), Label: fmt.Sprint("Customer ", i), Permissions: config.Permissions{Messaging: config.Territories{"US", "CA"}}}
		text, err := json.Marshal(&a)
		if err != nil {
			b.Fatal(err)
		}
		objects = append(objects, store.Object{Kind: store.Account, ID: a.ID, Document: text})
	}
	kept, err := m.loader.Store()
	if err != nil {
		b.Fatal(err)
	}
	version, err := kept.Read(b.Context(), func(store.Object) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	if _, err := kept.Commit(b.Context(), store.Change{Expect: version, Objects: objects}); err != nil {
		b.Fatal(err)
	}
	if _, err := m.loader.Load(); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ name, method, path, body string }{
		{"dry run", "PUT", "/accounts/ACCOUNT?dry_run=true", `{"messaging": ["US", "GB"]}`},
		{"put", "PUT", "/accounts/ACCOUNT", `{"messaging": ["US", "GB"]}`},
		{"list", "GET", "/accounts?contains=customer", ""},
		{"list of those that reach", "GET", "/accounts?territory=GB&channel=messaging", ""},
		{"effective", "GET", "/effective?channel=voice&account=ACCOUNT", ""},
		{"judge", "POST", "/judge", `{"account": "ACCOUNT", "channel": "messaging", "to": "+12025550123"}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				named := strings.NewReplacer("ACCOUNT", sid(i%accounts))
				m.must(b, c.method, named.Replace(c.path), named.Replace(c.body), nil)
			}
		})
	}
}
