package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// Prefix of the paths of all resources.
const Prefix = "/tollgate/v1"

// maxBody bounds the body of a request, in bytes: an account with thousands of rules fits in.
const maxBody = 4 << 20

// New returns the handler of the API. It answers requests whose context has a caller.
func New(service *permissions.Service) http.Handler {
	mux := http.NewServeMux()
	register(humago.NewWithPrefix(mux, Prefix, configuration()), service)
	// Of browsers, only pages of the same origin change something.
	return http.NewCrossOriginProtection().Handler(identified(mux))
}

// NewWithoutStore returns the handler of the API of a gate that has no store: it answers what is of
// the gate itself, and to all else why there is nothing.
func NewWithoutStore(service *permissions.Service, why error) http.Handler {
	mux := http.NewServeMux()
	api := humago.NewWithPrefix(mux, Prefix, configuration())
	registerFeeds(api, service)
	registerHolds(api, service)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, huma.Error404NotFound(why.Error()))
	})
	return http.NewCrossOriginProtection().Handler(identified(mux))
}

// OpenAPI is the description of the API in JSON.
func OpenAPI() ([]byte, error) {
	api := humago.NewWithPrefix(http.NewServeMux(), Prefix, configuration())
	register(api, nil)
	return api.OpenAPI().MarshalJSON()
}

func configuration() huma.Config {
	c := huma.DefaultConfig("Tollgate", "1")
	c.Info.Description = "Who may send where: accounts, what they may do, and who changed it."
	c.Servers = []*huma.Server{{URL: Prefix}}
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema members in answers
	c.RejectUnknownQueryParameters = true
	return c
}

func register(api huma.API, service *permissions.Service) {
	addDefinitions(api.OpenAPI().Components.Schemas)
	registerIdentity(api)
	registerAccounts(api, service)
	registerTrials(api, service)
	registerPolicy(api, service)
	registerParts(api, service)
	registerBlocks(api, service)
	registerSuspensions(api, service)
	registerHolds(api, service)
	registerOpenings(api, service)
	registerPanic(api, service)
	registerTokens(api, service)
	registerKeys(api, service)
	registerList(api, service)
	registerUnused(api, service)
	registerIncidents(api, service)
	registerFeeds(api, service)
	registerTerritories(api, service)
	registerTerritoryLists(api, service)
	registerSettings(api, service)
	registerEffective(api, service)
	registerConversions(api, service)
	registerAudit(api, service)
	registerAuditHead(api, service)
	describeCreation(api.OpenAPI())
}

// Errors that every operation can be answered with, and those that a write can be besides.
var (
	errorsOfAll = []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusConflict, http.StatusServiceUnavailable,
	}
	errorsOfWrites = []int{http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType}
)

// operation is an operation with what all have in common.
func operation(method, path, id, summary string) huma.Operation {
	described := errorsOfAll
	if method != http.MethodGet {
		described = slices.Concat(errorsOfAll, errorsOfWrites)
	}
	return huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary,
		MaxBodyBytes: maxBody,
		Errors:       described,
	}
}

// describeCreation adds to each operation that may create something that it then answers 201,
// with what it answers otherwise.
func describeCreation(description *huma.OpenAPI) {
	for _, path := range description.Paths {
		for _, operation := range []*huma.Operation{path.Put, path.Post} {
			if operation == nil || operation.Responses["201"] != nil {
				continue
			}
			created := *operation.Responses["200"]
			created.Description = http.StatusText(http.StatusCreated)
			operation.Responses["201"] = &created
		}
	}
}

// callerKey is the key of the caller in a context.
type callerKey struct{}

// WithCaller returns a context with who asks.
func WithCaller(ctx context.Context, caller permissions.Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// callerOf is who asks; without one, no one who may do anything.
func callerOf(ctx context.Context) permissions.Caller {
	caller, _ := ctx.Value(callerKey{}).(permissions.Caller)
	return caller
}
