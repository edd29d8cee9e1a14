package config

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// Source is a document and where its values are. A policy may be stated in
// several: a Caddyfile and the file that it names.
type Source struct {
	Document  Document
	Positions decode.Places
	// Written has the values that held placeholders, if those were replaced.
	Written Written
	// HasEnd says that it was read from a file that states its end.
	HasEnd bool
}

// Written are the texts that Resolve replaced, as they were written, by their
// paths. A name in an object, such as a sender's, has the path of the resolved one. What a
// placeholder stands for may be a secret, put there by mistake: it is shown as it was
// written.
type Written map[string]string

// shown is a value at a path as it may be shown.
func (w Written) shown(path, value string) string {
	if written, replaced := w[path]; replaced {
		return written
	}
	return value
}

// Merge returns one document that says what all sources say, in canonical form. No other
// function makes a document canonical: all that is shown or compared goes through here, and
// Compile reads either spelling. Check finds out whether the sources agree.
func Merge(sources ...Source) Document {
	var merged Document
	for i := range sources {
		d := &sources[i].Document
		if d.Observe.On {
			merged.Observe = d.Observe
		}
		if d.National != "" {
			merged.National = d.National
		}
		if d.Default != nil {
			merged.Default = d.Default
		}
		if d.Stored != "" {
			merged.Stored = d.Stored
		}
		if d.UnscopedService != "" {
			merged.UnscopedService = d.UnscopedService
		}
		if d.MessagingSpecial != "" {
			merged.MessagingSpecial = d.MessagingSpecial
		}
		if d.Unallocated != nil {
			merged.Unallocated = d.Unallocated
		}
		if d.URLHosts != nil {
			merged.URLHosts = d.URLHosts
		}
		if d.PriceLimit != nil {
			merged.PriceLimit = d.PriceLimit
		}
		merged.Limits = append(merged.Limits, d.Limits...)
		if d.MaxCall != "" {
			merged.MaxCall = d.MaxCall
		}
		merged.Prefixes = append(merged.Prefixes, d.Prefixes...)
		merged.Ranges = append(merged.Ranges, d.Ranges...)
		if d.Unsupported != nil {
			if merged.Unsupported == nil {
				merged.Unsupported = new(Unsupported)
			}
			stated := *merged.Unsupported
			if d.Unsupported.Messaging != nil {
				stated.Messaging = d.Unsupported.Messaging
			}
			if d.Unsupported.Voice != nil {
				stated.Voice = d.Unsupported.Voice
			}
			if d.Unsupported.WhatsApp != nil {
				stated.WhatsApp = d.Unsupported.WhatsApp
			}
			if d.Unsupported.RCS != nil {
				stated.RCS = d.Unsupported.RCS
			}
			merged.Unsupported = &stated
		}
		if d.ByRequest != nil {
			merged.ByRequest = d.ByRequest
		}
		merged.Accounts = joined(merged.Accounts, d.Accounts)
	}
	canonicalize(&merged)
	return merged
}

// joined is both lists in one: where one of them is empty, the other without a copy.
func joined(first, second []Account) []Account {
	switch {
	case len(second) == 0:
		return first
	case len(first) == 0:
		return slices.Clip(second)
	}
	return append(first, second...)
}
