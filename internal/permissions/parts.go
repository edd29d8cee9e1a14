package permissions

import (
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// Parts are what is in force for all accounts, with where it is stated.
type Parts struct {
	Parts []reload.Part
	// InFiles and InStore are how many accounts are stated there.
	InFiles, InStore int
}

// Parts returns what files and the store state for all accounts.
func (s *Service) Parts(by Caller) (Parts, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return Parts{}, err
	}
	if _, err := s.Policy.Store(); err != nil {
		return Parts{}, err
	}
	parts, err := s.Policy.Parts()
	if err != nil {
		return Parts{}, err
	}
	found := Parts{Parts: parts}
	found.InFiles, found.InStore = s.Policy.Current().AccountsStated()
	return found, nil
}
