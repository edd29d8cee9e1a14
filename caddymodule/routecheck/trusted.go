package routecheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
)

// trustedScopes are the kinds of modules that can be trusted.
var trustedScopes = []string{"http.handlers.", matcherScope, selectionScope, sourceScope, transport.Scope}

// CheckTrusted finds mistakes in the list of trusted modules.
func CheckTrusted(ids []string) error {
	for i, id := range ids {
		scope := slices.IndexFunc(trustedScopes, func(scope string) bool { return strings.HasPrefix(id, scope) })
		if scope < 0 {
			return fmt.Errorf("trusted_modules: %q is not the ID of a handler, "+
				"a matcher or a part of reverse_proxy: write the whole ID, such as http.handlers.rate_limit", id)
		}
		if _, err := caddy.GetModule(id); err != nil {
			return fmt.Errorf("trusted_modules: there is no module %q here%s", id, suggest.DidYouMean(id, modulesOf(trustedScopes[scope]), nil))
		}
		if _, ok := knownHandlers[id]; ok {
			return fmt.Errorf("trusted_modules: what %s does is known: it need not be trusted, or cannot be", id)
		}
		if slices.Contains(ids[:i], id) {
			return fmt.Errorf("trusted_modules: %s is already specified", id)
		}
	}
	return nil
}

// modulesOf are the IDs of all modules of a kind.
func modulesOf(scope string) (ids []string) {
	for _, module := range caddy.GetModules(strings.TrimSuffix(scope, ".")) {
		ids = append(ids, string(module.ID))
	}
	return ids
}
