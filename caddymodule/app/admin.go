package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

func init() {
	caddy.RegisterModule(Admin{})
}

// Admin adds to Caddy's admin endpoint:
//
// Request | Answer
// --------|-------
// `GET /tollgate/policy` | The policy in force, as it was written, and since when; as a policy file if the client accepts `application/yaml`
// `POST /tollgate/policy/reload` | Loads the policy file again. With a mistake in it, 400 and what is wrong; the policy in force stays
// `POST /tollgate/explain` | The verdict of the policy in force on each of the `destinations`, one JSON object a line
// `POST /tollgate/reach` | The accounts that reach the `territory` by the `channel`, by the policy in force
// `GET /tollgate/incidents` | The incidents that are open, and the last ones that are closed
// `/tollgate/v1/…` | The management API, as its owner; without a store, that of the feeds alone
//
// The POST requests are of the type `application/json`, so that no web page can
// make a browser send one.
type Admin struct{}

// CaddyModule returns the Caddy module information.
func (Admin) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "admin.api.tollgate",
		New: func() caddy.Module { return new(Admin) },
	}
}

// Routes returns the routes of the endpoint.
func (Admin) Routes() []caddy.AdminRoute {
	return []caddy.AdminRoute{
		{Pattern: PolicyEndpoint, Handler: adminHandler(http.MethodGet, showPolicy)},
		{Pattern: reloadEndpoint, Handler: adminHandler(http.MethodPost, reloadPolicy)},
		{Pattern: ExplainEndpoint, Handler: adminHandler(http.MethodPost, explainRunning)},
		{Pattern: ReachEndpoint, Handler: adminHandler(http.MethodPost, reachRunning)},
		{Pattern: IncidentsEndpoint, Handler: adminHandler(http.MethodGet, listIncidents)},
		{Pattern: ManagementEndpoint, Handler: caddy.AdminHandlerFunc(manageRunning)},
	}
}

const (
	// PolicyEndpoint shows the policy in force.
	PolicyEndpoint = "/tollgate/policy"

	reloadEndpoint = "/tollgate/policy/reload"

	// ExplainEndpoint answers questions to the policy in force.
	ExplainEndpoint = "/tollgate/explain"

	// ReachEndpoint says which accounts reach a territory by the policy in force.
	ReachEndpoint = "/tollgate/reach"
)

// adminHandler is a handler for one method that needs the running policy. It
// is looked up for each request: an admin endpoint outlives configurations.
func adminHandler(method string, handle func(http.ResponseWriter, *http.Request, *App) error) caddy.AdminHandler {
	return caddy.AdminHandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != method {
			w.Header().Set("Allow", method)
			return caddy.APIError{HTTPStatus: http.StatusMethodNotAllowed, Err: fmt.Errorf("method %s is not allowed: send %s", r.Method, method)}
		}
		if method == http.MethodPost && !isJSON(r.Header.Get("Content-Type")) {
			return caddy.APIError{HTTPStatus: http.StatusUnsupportedMediaType, Err: errors.New("the request must " +
				"have the header Content-Type: application/json")}
		}
		app, err := Of(caddy.ActiveContext())
		if err != nil {
			return caddy.APIError{HTTPStatus: http.StatusNotFound, Err: err}
		}
		return handle(w, r, app)
	})
}

// manageRunning answers the management API by the app that runs.
func manageRunning(w http.ResponseWriter, r *http.Request) error {
	app, err := Of(caddy.ActiveContext())
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusNotFound, Err: err}
	}
	return serveManagement(w, r, app)
}

func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == "application/json"
}

// shownPolicy is the policy in force as the endpoint shows it.
type shownPolicy struct {
	Revision string    `json:"revision"`
	Loaded   time.Time `json:"loaded"`
	File     string    `json:"file,omitempty"`
	// Failure is why the file as it is now is not in force.
	Failure string          `json:"failure,omitempty"`
	Policy  config.Document `json:"policy"`
}

func showPolicy(w http.ResponseWriter, r *http.Request, app *App) error {
	loaded, err := app.loader.Current().Unpack()
	if err != nil {
		return err
	}
	if strings.Contains(r.Header.Get("Accept"), "application/yaml") {
		write := config.WriteYAML
		if app.loader.StatesEnd() {
			write = config.WriteYAMLWithEnd
		}
		text, err := write(&loaded.Document)
		if err != nil {
			return fmt.Errorf("writing the policy: %w", err)
		}
		w.Header().Set("Content-Type", "application/yaml")
		_, err = w.Write(text)
		return err
	}
	shown := shownPolicy{
		Revision: loaded.Snapshot.Revision(),
		Loaded:   loaded.At.UTC(),
		File:     app.loader.File(),
		Policy:   loaded.Document,
	}
	if err := app.loader.Failure(); err != nil {
		shown.Failure = err.Error()
	}
	return writeJSON(w, shown)
}

// reloadedPolicy is the answer to a reload.
type reloadedPolicy struct {
	Revision string `json:"revision"`
	Changed  bool   `json:"changed"`
	// Warnings are about prefix rules of a policy that is new.
	Warnings []review.Remark `json:"warnings,omitempty"`
}

func reloadPolicy(w http.ResponseWriter, _ *http.Request, app *App) error {
	changed, err := app.reload()
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
	}
	loaded := app.loader.Current()
	answer := reloadedPolicy{Revision: loaded.Snapshot.Revision(), Changed: changed}
	if changed {
		if loaded, err = loaded.Unpack(); err != nil {
			return err
		}
		answer.Warnings = review.WideRules(wideRules(loaded))
	}
	return writeJSON(w, answer)
}

// Bounds of a question to the endpoint: in bytes, and in destinations, each of
// which is answered at length.
const (
	maxQueryBody    = 4 << 20
	maxDestinations = 10_000
)

func explainRunning(w http.ResponseWriter, r *http.Request, app *App) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQueryBody))
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: fmt.Errorf("reading the request: %w", err)}
	}
	var query review.Query
	if err := config.DecodeJSON(body, &query); err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
	}
	if len(query.Destinations) > maxDestinations {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: fmt.Errorf("more than %d destinations: "+
			"ask in several requests", maxDestinations)}
	}
	question, err := query.Question(carriers.All())
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
	}
	rules := &app.loader.Current().Rules
	account, err := review.ResolveAccount(carriers.All(), rules.Snapshot, question.Account)
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
	}
	question.Account = account.ID
	w.Header().Set("Content-Type", "application/x-ndjson")
	g := app.explainer(rules)(account.Carrier)
	for _, destination := range query.Destinations {
		question.To = destination
		if err := review.WriteJSONLine(w, review.Explain(g, &question)); err != nil {
			return fmt.Errorf("writing the answer: %w", err)
		}
	}
	return nil
}

func reachRunning(w http.ResponseWriter, r *http.Request, app *App) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQueryBody))
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: fmt.Errorf("reading the request: %w", err)}
	}
	var query review.ReachQuery
	if err := config.DecodeJSON(body, &query); err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
	}
	loaded, err := app.loader.Current().Unpack()
	if err != nil {
		return err
	}
	side := sideOf(loaded)
	found, err := query.Reachers(&side)
	if err != nil {
		return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
	}
	return writeJSON(w, found)
}

func writeJSON(w http.ResponseWriter, value any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(value)
}

// Interface guard
var _ caddy.AdminRouter = (*Admin)(nil)
