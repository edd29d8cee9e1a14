package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// statuses are what errors are answered with. The first that an error is decides.
var statuses = []struct {
	err    error
	status int
}{
	{access.ErrNoAccess, http.StatusUnauthorized},
	{access.ErrDenied, http.StatusForbidden},
	{permissions.ErrMatch, http.StatusPreconditionFailed},
	{permissions.ErrNotFound, http.StatusNotFound},
	{access.ErrOwnRequest, http.StatusForbidden},
	{access.ErrApprovedTwice, http.StatusForbidden},
	{openings.ErrState, http.StatusConflict},
	{reload.ErrStatedInFile, http.StatusConflict},
	{permissions.ErrExists, http.StatusConflict},
	{store.ErrConflict, http.StatusConflict},
	{reload.ErrInvalid, http.StatusUnprocessableEntity},
	{store.ErrQuery, http.StatusUnprocessableEntity},
	{permissions.ErrTooMany, http.StatusUnprocessableEntity},
	{permissions.ErrNoGeoIP, http.StatusServiceUnavailable},
	{reload.ErrNoStore, http.StatusServiceUnavailable},
}

// problem is an error as it is answered: a problem of RFC 9457, with the member at fault.
func problem(err error) error { return problemOf(err, place) }

// writeProblem answers with an error.
func writeProblem(ctx huma.Context, err error) {
	var answer huma.StatusError
	errors.As(problem(err), &answer)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(answer.GetStatus())
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(answer) // the client may be gone
}

// documentProblem is an error about a whole policy document.
func documentProblem(err error) error { return problemOf(err, nowhere) }

func problemOf(err error, left *regexp.Regexp) error {
	if err == nil {
		return nil
	}
	for _, s := range statuses {
		if errors.Is(err, s.err) {
			return huma.NewError(s.status, err.Error(), members(err, left)...)
		}
	}
	// The store, or a fault of ours.
	return huma.NewError(http.StatusServiceUnavailable, err.Error())
}

// place is that of an object in the list that it is checked in.
var place = regexp.MustCompile(`^(accounts|prefixes)\[\d+\]\.?`)

// nowhere matches nothing: a whole document has its accounts where it says.
var nowhere = regexp.MustCompile(`^$`)

// members are the members of a body that have a mistake. Left is what is left out of their
// paths.
func members(err error, left *regexp.Regexp) (details []error) {
	for _, p := range decode.ProblemsOf(err) {
		location := "body"
		if path := left.ReplaceAllString(p.Path, ""); path != "" && path != decode.WholeDocument {
			location += "." + path
		}
		details = append(details, &huma.ErrorDetail{Message: p.Message, Location: location})
	}
	return details
}
