package app

import (
	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// NumberingData names a file of numbering data, newer than those that are built in.
type NumberingData struct {
	// The file. A relative path is relative to the working directory of the server; in a
	// Caddyfile, to that Caddyfile. The file is watched: when it changes, its data take
	// effect as a whole, with the policy. Data that cannot be read or are worse than
	// those that are built in are refused, and those in force stay.
	File string `json:"file"`

	// The SHA-256 of the file, in hexadecimal digits. With it, the file is taken only if
	// it has this one.
	SHA256 string `json:"sha256,omitzero"`
}

// numberingData parses:
//
//	numbering <file> [sha256 <digits>]
func (p *policyParser) numberingData() error {
	arguments := p.RemainingArgs()
	switch {
	case len(arguments) == 1:
		p.numbering = &NumberingData{File: directive.Beside(p.File(), arguments[0])}
	case len(arguments) == 3 && arguments[1] == "sha256":
		p.numbering = &NumberingData{File: directive.Beside(p.File(), arguments[0]), SHA256: arguments[2]}
	default:
		return p.Err(`numbering needs a file: write "numbering <file>", or "numbering <file> sha256 <digits>"`)
	}
	return nil
}
