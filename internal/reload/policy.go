package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Policy is a policy that was loaded, with what people ask about it. It never
// changes.
type Policy struct {
	gate.Rules
	// Document is all that was stated, as it was written: what a placeholder in it
	// stands for may be nobody's to see.
	Document config.Document
	// Compiled is the same with the placeholders replaced.
	Compiled config.Compiled
	// Loaded is when.
	Loaded time.Time

	// sum is of all that is stated, placeholders replaced. Its beginning is the
	// revision.
	sum [sha256.Size]byte
}

// Reading is how the texts of a document are read.
type Reading struct {
	// Replace replaces the placeholders in a text. One that means nothing is an
	// error.
	Replace func(text string) (string, error)
	// Carriers are those that the policy is for.
	Carriers config.Carriers
}

// Compile makes one policy of all that states it.
func (r Reading) Compile(sources ...config.Source) (*Policy, error) {
	document := config.Merge(sources...)
	for i := range sources {
		var err error
		if sources[i].Document, sources[i].Written, err = config.Resolve(&sources[i].Document, r.Replace); err != nil {
			return nil, fmt.Errorf("resolving placeholders in the policy (is the variable set?): %w", err)
		}
	}
	compiled, err := config.Compile(r.Carriers, sources...)
	if err != nil {
		return nil, fmt.Errorf("checking the policy: %w", err)
	}
	resolved := config.Merge(sources...)
	sum, err := digest(&resolved)
	if err != nil {
		return nil, err
	}
	compiled.Definition.Revision = hex.EncodeToString(sum[:6])
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		return nil, fmt.Errorf("compiling the policy: %w", err)
	}
	plan := numbering.Extend(numbering.Default(), compiled.Ranges, numbering.DefaultTollFraud())
	return &Policy{
		Rules:    gate.Rules{Snapshot: snapshot, Plan: plan},
		Document: document,
		Compiled: compiled,
		Loaded:   time.Now(),
		sum:      sum,
	}, nil
}

// digest is of what a policy says, however it is spelled.
func digest(d *config.Document) (sum [sha256.Size]byte, err error) {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(d); err != nil {
		return sum, fmt.Errorf("writing the policy: %w", err)
	}
	hash.Sum(sum[:0])
	return sum, nil
}
