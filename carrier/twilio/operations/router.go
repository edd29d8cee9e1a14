package operations

import (
	"net/http"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// anyProduct is the key of the trees that hold all products together.
const anyProduct = ""

// router finds the operation of a request. It is built once and then only read.
type router struct {
	// judged and listed find the operations of a product: those of the rows come before
	// those that are only in writes.txt.
	judged, listed map[string]*tree
	// unknown is the operation of every other write.
	unknown *operation
	// operations are those of the rows, in their order.
	operations []*operation
	// instructionURLs finds the row of a product's path that sets instruction URLs.
	instructionURLs map[string]*tree
	// destinations are the names of all parameters that may hold a destination, sorted:
	// all fields, documents and instruction URLs.
	destinations []string
	// senders are the names of all parameters that may hold a sender, sorted.
	senders []string
}

// api is the router of Twilio's API.
var api = build(table, urlTable, parseWrites(writesText))

// build builds a router from rows, from rows that only set instruction URLs, and from
// the list of all documented writes.
func build(rows, urlRows []row, writes []write) *router {
	hasNoURLs := func(r row) bool { return r.instructionURLs.names == "" }
	withURLs := slices.DeleteFunc(slices.Concat(rows, urlRows), hasNoURLs)
	everyURL := instructionURLNames(withURLs)
	unknown := unknownRow(rows, everyURL)
	rt := &router{
		judged:          map[string]*tree{anyProduct: {}},
		listed:          map[string]*tree{anyProduct: {}},
		unknown:         newOperation(unknown, everyURL),
		instructionURLs: map[string]*tree{},
		destinations:    destinationParameters(append(slices.Clone(rows), unknown), everyURL),
		senders:         senderParameters(append(slices.Clone(rows), unknown)),
	}
	for _, r := range rows {
		o := newOperation(r, everyURL)
		rt.operations = append(rt.operations, o)
		for _, product := range []string{r.product, anyProduct} {
			addTo(rt.judged, product, r.path, branch{method: r.only, except: r.except, operation: o})
		}
	}
	for _, r := range withURLs {
		addTo(rt.instructionURLs, r.product, r.path, branch{operation: newOperation(r, everyURL)})
	}
	rt.addWrites(writes, everyURL)
	return rt
}

// addWrites adds what writes.txt says: which rows are documented, and the writes of no row.
func (rt *router) addWrites(writes []write, everyURL []string) {
	listed := map[string]*operation{}
	// Among all products together, what sets URLs comes first.
	var further []write
	for _, w := range writes {
		bare := withoutExtension(w.path)
		if w.product == "api" {
			w.path = bare // the API of 2010 accepts any extension
		}
		for _, product := range []string{w.product, anyProduct} {
			if o := rt.judged[product].find(w.method, split(w.path)); o != nil {
				o.document(w)
			}
		}
		o := listed[w.product]
		if o == nil {
			o = newOperation(row{product: w.product, name: nameInert, kind: carrier.Inert}, everyURL)
			listed[w.product] = o
		}
		if r := rt.instructionURLs[w.product].find("", split(bare)); r != nil {
			o = newOperation(settingURLs(w, r.instructionURLs), everyURL)
			o.document(w)
			addTo(rt.listed, anyProduct, bare, branch{method: w.method, operation: o})
		} else {
			further = append(further, w)
		}
		addTo(rt.listed, w.product, w.path, branch{method: w.method, operation: o})
	}
	for _, w := range further {
		addTo(rt.listed, anyProduct, withoutExtension(w.path), branch{method: w.method, operation: listed[w.product]})
	}
	upload := newOperation(row{name: nameUpload, kind: carrier.Inert}, everyURL)
	for _, path := range uploads {
		addTo(rt.listed, anyProduct, path, branch{method: http.MethodPost, operation: upload})
	}
}

// settingURLs is the row of a write that sets instruction URLs and does nothing else that
// is judged.
func settingURLs(w write, urls urlParameters) row {
	return row{
		product: w.product, path: w.path, name: nameSetURLs, kind: carrier.Storing,
		instructionURLs: urls,
		accepts:         formOrMultipart | params.AcceptJSON,
		maxBody:         notifyBody, // the workflows of TaskRouter are long
	}
}

// destinationParameters are the names of all parameters that may hold a destination, sorted.
func destinationParameters(rows []row, everyURL []string) []string {
	names := slices.Clone(everyURL)
	for _, r := range rows {
		names = append(names, fieldNames(r.fields)...)
		for _, d := range r.documents {
			if d.name != anyDocument {
				names = append(names, d.name)
			}
			names = append(names, fieldNames(d.fields)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// senderParameters are the names of all parameters that may hold a sender, sorted.
func senderParameters(rows []row) []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.senders...)
		for _, d := range r.documents {
			names = append(names, d.senders...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// find finds the operation of a product's write.
func (rt *router) find(product, method string, segments []string) *operation {
	if o := rt.judged[product].find(method, segments); o != nil {
		return o
	}
	if o := rt.listed[product].find(method, segments); o != nil {
		return o
	}
	return rt.unknown
}

// urlsOf are the instruction URLs that a request for an operation may hold. Where one host
// serves all products, its path may belong to any of them.
func (rt *router) urlsOf(o *operation, r *carrier.Request) []string {
	if !r.AnyProduct || len(o.urls) == 0 {
		return o.urls
	}
	var buffer [MaxSegments]string
	segments, _ := Split(withoutExtension(r.Path), buffer[:0])
	names := slices.Clone(o.urls)
	for _, product := range Products {
		if other := rt.instructionURLs[product].find(r.Method, segments); other != nil {
			names = append(names, other.urls...)
		}
	}
	return names
}

// split splits a path of the tables.
func split(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }
