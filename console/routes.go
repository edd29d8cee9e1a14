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
	// It ends with a slash, as an account may be called new.
	{"GET /accounts/new/{$}", newAccount},
	{"POST /accounts/new/{$}", createAccount},
	{"GET /accounts/{id}", accountOf},
	{"GET /accounts/{id}/verifications", verifications},
	{"POST /accounts/{id}/verifications", previewVerifications},
	{"GET /accounts/{id}/senders", senders},
	{"POST /accounts/{id}/senders", previewSender},
	{"GET /accounts/{id}/prefixes", accountPrefixes},
	{"POST /accounts/{id}/prefixes", previewPrefixes},
	{"POST /accounts/{id}/preview", previewEdits},
	{"POST /accounts/{id}/edit", makeEdits},
	{"GET /territories/{code}", territoryOf},
	{"GET /why/{$}", why},
	{"GET /openings/{$}", openings},
	{"GET /openings/new", newOpening},
	{"POST /openings/new", requestOpening},
	{"GET /openings/{id}", openingOf},
	{"POST /openings/{id}/approve", approveOpening},
	{"POST /openings/{id}/end", endOpening},
	{"GET /audit/{$}", changes},
	{"GET /audit/export", exportChanges},
	{"GET /audit/refusals/{$}", refusals},
	{"GET /audit/refusals/export", exportRefusals},
	{"GET /audit/proof/{$}", proof},
	{"GET /audit/proof/head", downloadHead},
	{"GET /audit/proof/key", downloadKey},
	{"GET /audit/proof/{index}", downloadProof},
	{"GET /keys/{$}", issuedKeys},
	{"GET /keys/new", newKey},
	{"POST /keys/new", issueKey},
	{"GET /keys/{sid}", issuedKey},
	{"POST /keys/{sid}", revokeKey},
	{"GET /keys/tokens/{$}", tokens},
	{"GET /keys/tokens/new", newToken},
	{"POST /keys/tokens/new", createToken},
	{"GET /keys/tokens/{id}", issuedToken},
	{"POST /keys/tokens/{id}", revokeToken},
	{"GET /policy/{$}", policyInForce},
	{"GET /policy/download", downloadPolicy},
	{"GET /policy/settings", settings},
	{"POST /policy/settings", putSettings},
	{"GET /policy/blocks/{id}", block},
	{"POST /policy/blocks/{id}", deleteBlock},
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
	{"why/", "navigation.why", "read", "w"},
	{"openings/", "navigation.openings", "read", "o"},
	{"audit/", "navigation.audit", "audit.read", "u"},
	{"keys/", "navigation.keys", "read", "k"},
	{"policy/", "navigation.policy", "read", "p"},
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
