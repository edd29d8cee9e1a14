package console

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

//go:embed texts
var textFiles embed.FS

// texts is the catalogue of a language: the texts by their IDs, which are the name of a file and
// that of a member in it.
type texts struct {
	known   map[string]bool
	printer *message.Printer
}

// statedText is a text, with verbs of fmt for its arguments. One that depends on a number, which
// is the first argument, has a text for each category of CLDR's plural rules.
type statedText struct {
	one    string
	plural map[string]string
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *statedText) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		s.one = node.Value
		return nil
	}
	return node.Decode(&s.plural)
}

// message is the text as the catalogue has it.
func (s *statedText) message() catalog.Message {
	if s.plural == nil {
		return catalog.String(s.one)
	}
	var cases []any
	for _, category := range slices.Sorted(maps.Keys(s.plural)) {
		if category != "other" {
			cases = append(cases, category, s.plural[category])
		}
	}
	return plural.Selectf(1, "%d", append(cases, "other", s.plural["other"])...) // the first that applies is taken
}

// readTexts reads the texts of a language.
func readTexts(of language.Tag) (*texts, error) {
	names, err := fs.Glob(textFiles, "texts/"+of.String()+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading the texts of the console: %w", err)
	}
	all := make(map[string]statedText)
	for _, name := range names {
		text, err := textFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the texts of the console: %w", err)
		}
		var stated map[string]statedText
		if err := yaml.Unmarshal(text, &stated); err != nil {
			return nil, fmt.Errorf("reading the texts of the console: %s: %w", name, err)
		}
		for key, s := range stated {
			all[strings.TrimSuffix(path.Base(name), ".yaml")+"."+key] = s
		}
	}
	return newTexts(of, all)
}

// newTexts makes the catalogue of a language.
func newTexts(of language.Tag, stated map[string]statedText) (*texts, error) {
	builder := catalog.NewBuilder(catalog.Fallback(of))
	t := &texts{known: make(map[string]bool)}
	for id, s := range stated {
		if err := builder.Set(of, id, s.message()); err != nil {
			return nil, fmt.Errorf("reading the texts of the console: %s: %w", id, err)
		}
		t.known[id] = true
	}
	t.printer = message.NewPrinter(of, message.Catalog(builder))
	return t, nil
}

// text is one of the texts, with its arguments. An ID that is not known is shown as it is.
func (t *texts) text(id string, arguments ...any) string {
	return t.printer.Sprintf(message.Key(id, id), arguments...)
}
