package api

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// PageQuery says which part of a list is asked for.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many are on a page."`
	Cursor string `query:"cursor" doc:"Where the page begins: next of the page before."`
}

// NextPage is where the next part of a list begins.
type NextPage struct {
	Next string `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// IssuedState filters tokens or keys.
type IssuedState struct {
	State []string `query:"state" enum:"active,expired,revoked" doc:"Only those in one of these states."`
}

// paged returns the page that is asked for of a list by ID.
func paged[T any](q *PageQuery, list []T, id func(*T) string) ([]T, NextPage, error) {
	page, next, err := permissions.Paged(list, id, q.Limit, q.Cursor)
	if err != nil {
		return nil, NextPage{}, problem(err)
	}
	if page == nil {
		page = []T{}
	}
	return page, NextPage{next}, nil
}

// inStates leaves those of a list that are in one of some states; without one, all.
func inStates[T any](list []T, states []string, state func(*T) string) []T {
	if len(states) == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(t T) bool { return !slices.Contains(states, state(&t)) })
}
