package console

// route is a page, by the pattern of its paths below that of the console, as http.ServeMux has
// them.
type route struct {
	pattern string
	serve   func(*visit) (page, error)
}

// routes are all pages of a client that is known.
var routes = []route{
	{"GET /{$}", home},
	{"GET /now/{$}", now},
	{"GET /now/tail", tail},
	{"POST /now/release", releaseHold},
	{"GET /now/incident", incidentMode},
	{"POST /now/incident", takeMeasure},
	{"GET /accounts/{$}", accounts},
	{"GET /accounts/{id}", accountOf},
	{"POST /accounts/{id}/preview", previewEdits},
	{"POST /accounts/{id}/edit", makeEdits},
	{"GET /territories/{code}", territoryOf},
	{"GET /sign-in", signedIn},
	{"POST /sign-in", signedIn},
	{"POST /sign-out", signOut},
}

// signInRoutes are the pages of a client that is not known, and that may sign in by a link.
var signInRoutes = []route{
	{"GET /sign-in", confirmSignIn},
	{"POST /sign-in", signIn},
	{"GET /{path...}", explainSignIn},
}

// section is a row of the navigation.
type section struct {
	// Path below that of the console, which its pages are below, too.
	Path string
	// Text is its name, by the ID of the text.
	Text string
	// Action that one must be permitted to see it.
	Action string
	// Key goes there after g.
	Key string
}

// navigation is in the order in which it is shown. The first section that a client may see is
// its home.
var navigation = []section{
	{"now/", "navigation.now", "read", "n"},
	{"accounts/", "navigation.accounts", "read", "a"},
}

// home leads to the first section.
func home(v *visit) (page, error) {
	for _, s := range navigation {
		if v.identity.May(s.Action) {
			return page{location: v.console.path + s.Path}, nil
		}
	}
	return notFound(v)
}
