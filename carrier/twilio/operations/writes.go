package operations

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// writes is every write of Twilio's API: the name of a product, and below it
// the methods and paths of its writes.
//
//go:embed writes.txt
var writes string

// anyProduct is where the trees of all products together stand.
const anyProduct = ""

// judged and inert find the rows of a product: those written by hand come
// before those that are only listed.
var judged, inert = trees()

func trees() (judged, inert map[string]*tree) {
	judged = map[string]*tree{anyProduct: {}}
	for i := range operations {
		o := &operations[i]
		if judged[o.product] == nil {
			judged[o.product] = &tree{}
		}
		b := branch{method: o.only, except: o.except, row: o}
		judged[o.product].add(o.path, b)
		judged[anyProduct].add(o.path, b)
	}
	inert = map[string]*tree{anyProduct: {}}
	var row *operation
	// Of all products together, what has URLs comes first.
	var further []func()
	for line := range strings.Lines(writes) {
		line = strings.TrimSpace(line)
		method, path, isWrite := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case isWrite:
			b := branch{method: method, row: row}
			if urls := obeyedIn(row.product, path); urls != nil {
				b.row = withURLs(row, path, urls)
				b.row.document(method, path)
				inert[anyProduct].add(withoutExtension(path), b)
			} else {
				further = append(further, func() { inert[anyProduct].add(withoutExtension(path), b) })
			}
			if row.product == "api" {
				path = withoutExtension(path)
			}
			inert[row.product].add(path, b)
			for _, product := range []string{row.product, anyProduct} {
				if own := judged[product].find(method, strings.Split(path[1:], "/")); own != nil {
					own.document(method, path)
				}
			}
		default:
			row = &operation{product: line, name: "inert", kind: carrier.Inert}
			inert[line] = &tree{}
		}
	}
	for _, add := range further {
		add()
	}
	for _, path := range uploads {
		inert[anyProduct].add(path, branch{method: http.MethodPost, row: &operation{name: "upload", kind: carrier.Inert}})
	}
	return judged, inert
}

// withURLs is a row for a write that sets URLs and is in none that was written by
// hand: it is looked into for them alone.
func withURLs(row *operation, path string, urls []string) *operation {
	o := *row
	o.name, o.kind = "urls.set", carrier.Storing
	o.path, o.urls = path, urls
	o.accepts = formOrMultipart | params.AcceptJSON
	o.maxBody = notifyBody // the workflows of TaskRouter are long
	o.prepare()
	return &o
}

// withoutExtension is a path whose last segment ends before its first dot.
func withoutExtension(path string) string {
	slash := strings.LastIndexByte(path, '/')
	name, _, _ := strings.Cut(path[slash+1:], ".")
	return path[:slash+1] + name
}
