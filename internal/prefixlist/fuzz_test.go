package prefixlist_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
)

// FuzzRead reads anything as the list of each system. What is not refused makes a policy
// that is valid, that reads back as it is, and whose comments are comments.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"group = smsc\nallowed-prefix = \"49;0049; 33\"\ndenied-prefix = 4915;44\n\n# x\ngroup = core\n",
		"49 # {env.HOME}\n+4915\n\t44\r\ns12\n030",
		"INSERT INTO `globalblocklist` VALUES (1,'44',0,'it''s'),(2,'',0,\"\"); -- x\nDELETE FROM userblocklist;",
		"49 deny\n4915 allow\n+44 deny\r\n",
		"\uFEFFname,prefixes,price,valid from\n\"a\"\"{x}\",37181;37190-37191;12[3-5],0.95,2026-01-01\nb,371901,0.05,2026-12-24\n",
	} {
		f.Add(text)
	}
	options := prefixlist.Options{International: true, Country: country("DE"), Default: "deny", DenyValues: []string{"deny"}, AllowValues: []string{"allow"}, Above: "0.50"}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range prefixlist.Systems {
			for _, name := range []string{"list", "Destinations.csv"} {
				list, err := s.Read([]prefixlist.File{{Name: name, Text: []byte(text)}}, options)
				if refused := (prefixlist.Refusal)(nil); errors.As(err, &refused) && len(refused) == 0 {
					t.Fatal("a refusal of nothing")
				}
				if err == nil {
					checkPolicy(t, s.Name, list)
				}
			}
		}
	})
}

// checkPolicy compiles what a list makes, and reads it back.
func checkPolicy(t *testing.T, system string, list *prefixlist.List) {
	t.Helper()
	document := list.Document(account, "", noon)
	yaml, err := config.WriteYAML(&document)
	if err != nil {
		t.Fatalf("%s: %v", system, err)
	}
	source, err := config.ParseFile("policy.yaml", append([]byte(list.Comments("title")), yaml...))
	if err != nil {
		t.Fatalf("%s: %v\n%s", system, err, yaml)
	}
	if !reflect.DeepEqual(source.Document, document) {
		t.Fatalf("%s: %+v\nreads back as\n%+v", system, document, source.Document)
	}
	if _, err := config.Compile(configtest.AsWritten, source); err != nil {
		t.Fatalf("%s: %v\n%s", system, err, yaml)
	}
	if strings.ContainsAny(list.Comments("title")+string(prefixlist.WriteCaddyfile(&document)[1:]), "\r\x00") || strings.Contains(string(yaml), "{env") {
		t.Fatalf("%s: %q", system, yaml)
	}
}
