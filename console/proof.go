package console

import (
	"net/http"
	"strings"
)

// proofPage is what shows the state of the log of changes.
type proofPage struct {
	// Head is the signed head of now, and Key the public key that it is verified with. They are
	// empty where the gate signs nothing.
	Head, Key string
	// Origin, Size and Root are what the head states.
	Origin, Size, Root string
	// Problem is why there is no head.
	Problem *problem
}

// proof shows the signed head of the log of changes.
func proof(v *visit) (page, error) {
	shown := new(proofPage)
	p := page{template: "proof", title: v.text("audit.proof"), data: shown}
	err := v.get(&shown.Head, "/audit/head", nil)
	if err == nil {
		err = v.get(&shown.Key, "/audit/key", nil)
	}
	if found, ok := err.(*problem); ok && found.Status == http.StatusServiceUnavailable {
		shown.Problem = found
		return p, nil
	}
	// As of https://c2sp.org/tlog-checkpoint.
	if lines := strings.SplitN(shown.Head, "\n", 4); len(lines) == 4 {
		shown.Origin, shown.Size, shown.Root = lines[0], lines[1], lines[2]
	}
	return p, err
}

// Files that an auditor needs, as the API has them.
func downloadHead(v *visit) (page, error) { return v.download("/audit/head", "audit-head.txt") }
func downloadKey(v *visit) (page, error)  { return v.download("/audit/key", "gate.pub") }
func downloadProof(v *visit) (page, error) {
	index := v.r.PathValue("index")
	return v.download(pathOf("audit", "proof", index), "proof-"+index+".json")
}

func (v *visit) download(path, name string) (page, error) {
	err := v.console.api.download(v.r.Context(), v.w, call{path: path}, name)
	return page{written: err == nil}, err
}
