package operations

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// operation is a row with its defaults filled in, and what Read derives from it.
type operation struct {
	row
	// urls are the names of the row's instruction URLs.
	urls            []string
	reader          reader
	documentReaders []documentReader
	// versionAt is which segment of the path is the version, from 0, or -1.
	versionAt int
	// documented are the methods and versions that Twilio documents.
	documented []documented
}

// documentReader reads one document of an operation.
type documentReader struct {
	document
	reader reader
}

// newOperation builds an operation from its row. everyURL are the instruction URLs of all
// rows: where one host serves all products, a path may belong to another row.
func newOperation(r row, everyURL []string) *operation {
	o := &operation{row: r, urls: r.instructionURLs.list(), versionAt: slices.Index(split(r.path), versionSegment)}
	triggers := r.triggerNames()
	names := slices.Concat(o.urls, triggers)
	names = append(names, strings.TrimLeft(params.MethodParameter, "_")) // names compare by their letters
	for _, d := range r.documents {
		if d.name != anyDocument {
			names = append(names, d.name)
		}
		o.documentReaders = append(o.documentReaders, documentReader{d, newReader(reader{
			fields: d.fields, senders: d.senders, channel: d.channel, tentative: d.tentative, anywhere: d.anywhere,
		}, triggers, everyURL)})
	}
	o.reader = newReader(reader{
		fields: r.fields, senders: r.senders, channel: r.channel, tentative: r.tentative, anywhere: r.anywhere,
	}, names, everyURL)
	if o.readsParameters() || r.narrows != nil {
		if o.maxBody == 0 {
			o.maxBody = smallBody
		}
		if o.accepts == 0 {
			o.accepts = formOrMultipart
		}
	}
	return o
}

// readsParameters reports whether the operation needs a request's parameters at all.
func (o *operation) readsParameters() bool {
	return len(o.fields) > 0 || len(o.documents) > 0 || len(o.storedBy) > 0 || len(o.switches) > 0 || len(o.urls) > 0
}

func (r *row) triggerNames() []string {
	var names []string
	for _, t := range r.storedBy {
		names = append(names, t.name)
	}
	for _, s := range r.switches {
		names = append(names, s.name)
	}
	for _, p := range r.programs {
		names = append(names, p.name)
	}
	return names
}

func fieldNames(fields []field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}
