package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

// errNoIdentity is what every client is told that is not known, or that has no role: not what
// was wrong with its token.
var errNoIdentity = errors.New("no access: send a token of this gate that is valid, or authenticate as one of its administrators")

// identified lets requests through whose client is known and has a role, whatever they ask for:
// also the description of the API, and what does not exist. A program that was given a token
// can read the description by it; others have no use for it.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// An answer may have a secret, and is about permissions at one moment.
		w.Header().Set("Cache-Control", "no-store")
		if callerOf(r.Context()).Role == access.NoRole {
			Refuse(w, access.ErrNoAccess)
			return
		}
		// A browser may send a body without a type to another site without asking it first.
		if r.ContentLength != 0 && r.Header.Get("Content-Type") == "" {
			refuse(w, huma.Error415UnsupportedMediaType("the request must have the header Content-Type: application/json"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Refuse answers a request that comes no further: with 401 if who sends it has no access, or
// else with what the error is answered with.
func Refuse(w http.ResponseWriter, err error) {
	if errors.Is(err, access.ErrNoAccess) {
		// RFC 6750: of the ways to be known, it is the one that the gate itself asks for.
		w.Header().Set("WWW-Authenticate", `Bearer realm="Tollgate"`)
		refuse(w, huma.NewError(http.StatusUnauthorized, errNoIdentity.Error()))
		return
	}
	var answer huma.StatusError
	errors.As(problem(err), &answer)
	refuse(w, answer)
}

func refuse(w http.ResponseWriter, answer huma.StatusError) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(answer.GetStatus())
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}
