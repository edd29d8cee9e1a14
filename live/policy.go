package live

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Policy is a policy that was loaded, with what people ask about it. It never
// changes.
type Policy struct {
	gate.Rules
	// Document is all that was stated, placeholders replaced.
	Document config.Document
	Compiled config.Compiled
	// Loaded is when.
	Loaded time.Time
}

// Reading is how the texts of a document are read.
type Reading struct {
	// Replace replaces the placeholders in a text. One that means nothing is an
	// error.
	Replace func(text string) (string, error)
	// Senders reads senders as the gate reads those of requests.
	Senders config.SenderReader
}

// Compile makes one policy of all that states it.
func (r Reading) Compile(sources ...config.Source) (*Policy, error) {
	for i := range sources {
		resolved, err := config.Resolve(&sources[i].Document, r.Replace)
		if err != nil {
			return nil, fmt.Errorf("resolving placeholders in the policy (is the variable set?): %w", err)
		}
		sources[i].Document = resolved
	}
	compiled, err := config.Compile(r.Senders, sources...)
	if err != nil {
		return nil, fmt.Errorf("checking the policy: %w", err)
	}
	document := config.Merge(sources...)
	if compiled.Definition.Revision, err = revision(&document); err != nil {
		return nil, err
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		return nil, fmt.Errorf("compiling the policy: %w", err)
	}
	return &Policy{
		Rules:    gate.Rules{Policy: snapshot, Plan: numbering.Extend(numbering.Default(), compiled.Ranges)},
		Document: document,
		Compiled: compiled,
		Loaded:   time.Now(),
	}, nil
}

// revision names a policy by what it says, however it is spelled.
func revision(d *config.Document) (string, error) {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(d); err != nil {
		return "", fmt.Errorf("writing the policy: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)[:6]), nil
}
