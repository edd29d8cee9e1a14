package console

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/number"
)

//go:embed templates
var templateFiles embed.FS

// views are the templates of all pages, with the texts in them. Each page has a file of its own,
// which defines "content", and layout.html is around it.
type views struct {
	*texts
	pages map[string]*template.Template
	// path is that of the console.
	path string
}

// shown is what a template is given.
type shown struct {
	Title      string
	Identity   identity
	Navigation []section
	Section    string
	// Token is for the forms of this client.
	Token string
	// Link says that the client signed in by a link, and may sign out.
	Link   bool
	Named  *namedAccount
	Script string
	Data   any
	visit  *visit
}

// Label is what people call an account.
func (s *shown) Label(name string) string { return s.visit.label(name) }

// Accounts are those that a field suggests.
func (s *shown) Accounts() ([]account, error) { return s.visit.someAccounts() }

func newViews(base string) (*views, error) {
	v := &views{pages: make(map[string]*template.Template), path: base}
	var err error
	if v.texts, err = readTexts(language.English); err != nil {
		return nil, err
	}
	layout, err := template.New("layout.html").Funcs(v.functions()).ParseFS(templateFiles, "templates/layout.html", "templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the templates of the console: %w", err)
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the templates of the console: %w", err)
	}
	for _, name := range names {
		around, err := layout.Clone()
		if err == nil {
			v.pages[strings.TrimSuffix(path.Base(name), ".html")], err = around.ParseFS(templateFiles, name)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the templates of the console: %w", err)
		}
	}
	return v, nil
}

// write writes a page.
func (v *views) write(w io.Writer, of *visit, p *page) error {
	view, ok := v.pages[p.template]
	if !ok {
		return fmt.Errorf("there is no template %q", p.template)
	}
	s := &shown{
		Title: p.title, Identity: of.identity, Section: of.section(), Named: p.named, Script: p.script, Data: p.data,
		Token: of.console.tokens.of(of.identity.Identity), Link: of.console.links.IsSession(of.r),
		visit: of,
	}
	for _, row := range navigation {
		if of.identity.May(row.Action) {
			s.Navigation = append(s.Navigation, row)
		}
	}
	return view.Execute(w, s)
}

// functions are those of the templates.
func (v *views) functions() template.FuncMap {
	return template.FuncMap{
		// t is a text, with its arguments.
		"t": v.text,
		// to is the path of a page, of parts that are escaped. One that is to end with a slash ends
		// with an empty part.
		"to": v.to,
		// asset is the path of an asset.
		"asset": func(name string) (string, error) {
			a, ok := assets[name]
			if !ok {
				return "", fmt.Errorf("there is no asset %q", name)
			}
			return v.path + "assets/" + a.name, nil
		},
		// number is a number with the separators of the language.
		"number": func(n any) string { return v.printer.Sprint(number.Decimal(n)) },
		// query is a query of names and values in turn; those without a value are left out.
		"query": queryOf,
		// following is the query of a page of a list after one, by where it begins.
		"following": func(query, cursor string) string {
			return "?" + strings.TrimPrefix(query+"&"+url.Values{"cursor": {cursor}}.Encode(), "?&")
		},
		// stamp and clock are a time for machines, and for people who have no scripts.
		"stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"clock": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
		// word is what a word of the API is called, by the file of the texts; or as it is, where
		// there is no text.
		"word": func(file, word string) string {
			if id := file + "." + word; v.known[id] {
				return v.text(id)
			}
			return word
		},
		// dict gives a template several things.
		"dict": dict,
	}
}

// queryOf is a query of names and values in turn; those without a value are left out.
func queryOf(pairs ...string) string {
	values := make(url.Values)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return "?" + values.Encode()
}

// to is a path below that of the console.
func (v *views) to(parts ...string) string { return v.path + strings.TrimPrefix(pathOf(parts...), "/") }

// dict is a map of names and values in turn, for templates that are given several things.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a value is missing")
	}
	made := make(map[string]any)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		made[name] = pairs[i+1]
	}
	return made, nil
}
