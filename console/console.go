package console

import (
	"errors"
	"net/http"
	"strings"
	"time"
)

// Options of a console.
type Options struct {
	// API is the management API. It is asked with the context of a request, which has the caller.
	API http.Handler
	// Path that all pages are below. It begins and ends with a slash.
	Path string
	// Links are those by which clients without an identity sign in.
	Links *Links
	// FormKey is the key of the forms of all gates with the same store; nil as long as it is not
	// known.
	FormKey func() []byte
}

// Console serves the pages. All methods may be called at once.
type Console struct {
	api   client
	path  string
	links *Links
	// tokens are those in forms.
	tokens tokenMaker
	views  *views
	taken  takenForms
	pages  http.Handler
	// signIn has the pages of clients that are not known yet.
	signIn http.Handler
}

// New returns a console.
func New(o Options) (*Console, error) {
	if !strings.HasPrefix(o.Path, "/") || !strings.HasSuffix(o.Path, "/") {
		return nil, errors.New("the path of the console must begin and end with a slash, such as /tollgate/console/")
	}
	c := &Console{api: client{o.API}, path: o.Path, links: o.Links, tokens: tokenMaker{o.FormKey, time.Now}}
	var err error
	if c.views, err = newViews(c.path); err != nil {
		return nil, err
	}
	c.pages, c.signIn = c.routes(routes), c.routes(signInRoutes)
	return c, nil
}

// ServeHTTP serves the pages to a client that is known: the caller is in the context.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.pages.ServeHTTP(w, r) }

// SignIn serves the pages to a client that is not known, and that may sign in by a link.
func (c *Console) SignIn(w http.ResponseWriter, r *http.Request) { c.signIn.ServeHTTP(w, r) }

// Refusal is why a client sees no pages.
type Refusal string

// The refusals, by the texts that say what to do.
const (
	// NotAuthenticated is a client that is not known and may not sign in by a link.
	NotAuthenticated Refusal = "refused.not_authenticated"
	// NoRole is a client that is known and has no role.
	NoRole Refusal = "refused.no_role"
	// NoStore is a gate without a store, whose permissions are not changed.
	NoStore Refusal = "refused.no_store"
)

// Refuse answers a client that sees no pages with the reason.
func (c *Console) Refuse(w http.ResponseWriter, r *http.Request, refusal Refusal, status int) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		c.answer(&visit{console: c, w: w, r: r}, page{template: "refused", title: c.views.text("refused.title"), status: status, data: string(refusal)})
	})
	c.below(mux, mux).ServeHTTP(w, r)
}

// routes returns a handler of some pages, and of a page for what does not exist.
func (c *Console) routes(table []route) http.Handler {
	mux := http.NewServeMux()
	for _, row := range append([]route{{"/{path...}", notFound}}, table...) {
		mux.HandleFunc(row.pattern, func(w http.ResponseWriter, r *http.Request) { c.show(w, r, row.serve) })
	}
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.show(w, r, otherOrigin) }))
	return c.below(mux, sameOrigin.Handler(mux))
}

// below returns a handler for the paths below that of the console, with the assets, which it
// adds to the routes of a handler.
func (c *Console) below(mux *http.ServeMux, handler http.Handler) http.Handler {
	mux.Handle("GET /assets/{name}", assetHandler())
	handler = http.StripPrefix(strings.TrimSuffix(c.path, "/"), handler)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		handler.ServeHTTP(w, r)
	})
}
