package reload

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// Loaded is a policy that was loaded, with the document that it was made of. It never
// changes. The one that a Loader has in force may be packed: it has a document and a
// definition once Unpack has made them again.
type Loaded struct {
	gate.Rules
	// Document is all that was stated, as it was written: the value of a placeholder may
	// be secret.
	Document config.Document
	// Compiled is the same with the placeholders replaced.
	Compiled config.Compiled
	// Accounts is how many the policy names.
	Accounts int
	// StoreRevision is that of the store whose accounts and permissions are in force, which
	// Document and Compiled do not have; 0 without a store, and of one that is empty.
	StoreRevision store.Revision
	// Access are the tokens and keys that the store has.
	Access *Access
	// Numbering are the numbering data whose plan is in Rules, before the ranges of the
	// policy.
	Numbering *numbering.Data
	// DeckFile is the path of the deck in Rules, empty without one.
	DeckFile string
	// Sources have the positions of what Document states, if the resolver keeps them.
	Sources []config.Source
	// At is when it was loaded.
	At time.Time

	// NeedsStore says that a store states more of the policy, and was not read.
	NeedsStore bool

	// combined is what it was made of, nil without a store.
	combined *combined
	// hasStore says that a store was read, and is part of it.
	hasStore bool
	// hasPlaceholders says that the document has other texts than the definition.
	hasPlaceholders bool
	// text of the document in JSON, compressed, and what it is compiled with, if it is packed.
	text     []byte
	carriers config.Carriers
}

// checkRates returns an error for a policy that limits prices or spending without a deck of rates.
func (p *Loaded) checkRates() error {
	if p.Deck == nil && p.Snapshot.NeedsRates() {
		return errNoRates
	}
	return nil
}

var errNoRates = decode.Problem{Message: `price_limit, and limits "of spend", need a deck of rates: name its file in the configuration, with "rates <file>" beside the policy`}

// storeVersion is the version of the store that was read, the zero version without one.
func (p *Loaded) storeVersion() store.Version {
	if p.combined == nil {
		return store.Version{}
	}
	return p.combined.kept.version
}

// Resolver resolves the texts of a document.
type Resolver struct {
	// Replace replaces the placeholders in a text. An unknown one is an error.
	Replace func(text string) (string, error)
	// Carriers are those that the policy is for.
	Carriers config.Carriers
	// Numbering are the numbering data; without them, those that are built in.
	Numbering *numbering.Data
	// KeepSources keeps the sources of a policy, for a command that says where a value is
	// stated. A gate that runs has no use for them.
	KeepSources bool
}

// Compile makes one policy of all sources.
func (r Resolver) Compile(sources ...config.Source) (*Loaded, error) {
	document := config.Merge(sources...)
	var kept []config.Source
	if r.KeepSources {
		kept = slices.Clone(sources)
	}
	hasPlaceholders := false
	for i := range sources {
		var err error
		if sources[i].Document, sources[i].Written, err = config.Resolve(&sources[i].Document, r.Replace); err != nil {
			if problem := (decode.Problem{}); errors.As(err, &problem) {
				problem.Position = decode.PositionOf(sources[i].Positions, problem.Path)
				err = problem
			}
			return nil, fmt.Errorf("resolving placeholders in the policy (is the variable set?): %w", err)
		}
		hasPlaceholders = hasPlaceholders || sources[i].Written != nil
	}
	compiled, err := config.Compile(r.Carriers, sources...)
	if err != nil {
		return nil, fmt.Errorf("checking the policy: %w", err)
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		return nil, fmt.Errorf("compiling the policy: %w", err)
	}
	data := r.Numbering
	if data == nil {
		data = numbering.BuiltIn()
	}
	plan := numbering.Extend(data.Plan(), compiled.Ranges, numbering.DefaultTollFraud())
	return &Loaded{
		Rules:     gate.Rules{Snapshot: snapshot, Plan: plan},
		Document:  document,
		Compiled:  compiled,
		Accounts:  len(document.Accounts),
		Numbering: data,
		Sources:   kept,
		At:        time.Now(),

		hasPlaceholders: hasPlaceholders,
	}, nil
}
