package reload

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// fewAccounts is up to how many accounts a policy in force stays as it was compiled. Beyond,
// a document and its definition take several times the memory of the snapshot, and only an
// operator asks for them.
const fewAccounts = 1_000

// packed is the policy without document and definition, which Unpack makes again. One with
// placeholders stays as it is: what they stand for may be another value by then.
func (p *Loaded) packed(carriers config.Carriers) (*Loaded, error) {
	if p.Accounts <= fewAccounts || p.hasPlaceholders || p.Sources != nil {
		return p, nil
	}
	var text bytes.Buffer
	compressor, err := flate.NewWriter(&text, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := config.WriteJSON(compressor, &p.Document); err != nil {
		return nil, fmt.Errorf("packing the policy: %w", err)
	}
	if err := compressor.Close(); err != nil {
		return nil, fmt.Errorf("packing the policy: %w", err)
	}
	packed := *p
	packed.Document, packed.Compiled.Definition = config.Document{}, policy.Definition{}
	packed.text, packed.carriers = bytes.Clone(text.Bytes()), carriers
	return &packed, nil
}

// Unpack returns the policy with its document and definition.
func (p *Loaded) Unpack() (*Loaded, error) {
	if p.text == nil {
		return p, nil
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(p.text)))
	if err != nil {
		return nil, fmt.Errorf("unpacking the policy in force: %w", err)
	}
	unpacked := *p
	unpacked.text = nil
	if unpacked.Document, err = config.ParseJSON(text); err != nil {
		return nil, fmt.Errorf("unpacking the policy in force: %w", err)
	}
	if unpacked.Compiled, err = config.Compile(p.carriers, config.Source{Document: unpacked.Document}); err != nil {
		return nil, fmt.Errorf("unpacking the policy in force: %w", err)
	}
	return &unpacked, nil
}
