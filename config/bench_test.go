package config_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// manyAccounts is a policy file of about 200 bytes an account.
func manyAccounts(n int) []byte {
	var text bytes.Buffer
	text.WriteString("version: 1\ndefault: {messaging: [US, CA], voice: {low_risk: [US, CA]}}\naccounts:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - id: AC%032x\n    label: Customer %d\n    messaging: [US, CA, GB]\n    voice: {low_risk: [US, CA], high_risk_special: [US]}\n    keys: [SK%032x]\n", i, i, i)
	}
	return text.Bytes()
}

func BenchmarkReadAndCompile(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		text := manyAccounts(n)
		source, err := config.ParseFile("policy.yaml", text)
		if err != nil {
			b.Fatal(err)
		}
		inJSON := jsonFile(b, &source.Document)
		b.Run(fmt.Sprintf("reading %d accounts in YAML", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := config.ParseFile("policy.yaml", text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("reading %d accounts in JSON", n), func(b *testing.B) {
			b.SetBytes(int64(len(inJSON)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := config.ParseFile("policy.json", inJSON); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("resolving %d accounts", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := config.Resolve(&source.Document, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("compiling %d accounts", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := config.Compile(carriers, source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOneAccountChanges measures what one account's change takes of 10,000: compiling
// it, and making the policy with it.
func BenchmarkOneAccountChanges(b *testing.B) {
	source, err := config.ParseFile("policy.yaml", manyAccounts(10_000))
	if err != nil {
		b.Fatal(err)
	}
	compiled, err := config.Compile(carriers, source)
	if err != nil {
		b.Fatal(err)
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		accounts, err := config.CompileAccounts(carriers, snapshot.IDOf, source.Document.Accounts[i*7919%10_000])
		if err != nil {
			b.Fatal(err)
		}
		if snapshot, err = snapshot.With(policy.Update{Accounts: accounts}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
