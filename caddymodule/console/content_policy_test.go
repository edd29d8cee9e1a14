package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// A browser refuses what a page of the console never does: so nothing that gets into one can do it.
func TestTheBrowserRefusesWhatPagesNeverDo(t *testing.T) {
	g := startGate(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		switch r.URL.Path {
		case "/frame":
			fmt.Fprintf(w, `<!DOCTYPE html><iframe src="http://%s%saccounts/"></iframe>`, g.open, pages)
		case "/image":
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)
		default:
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, `document.title = "taken"`)
		}
	}))
	defer elsewhere.Close()
	b := openTab(t, "alice")
	b.open("http://" + g.site + pages + "accounts/")
	for _, c := range []struct{ says, does string }{
		{"elements of texts", `document.body.innerHTML = "<b>taken</b>"`},
		{"scripts of texts", `document.body.appendChild(document.createElement("script")).textContent = "document.title = 'taken'"`},
		{"functions of texts", `setTimeout("document.title = 'taken'")`},
		{"a policy for texts of its own", `trustedTypes.createPolicy("default", {createHTML: (text) => text})`},
		{"a request to another site", `await fetch(` + fmt.Sprintf("%q", elsewhere.URL) + `)`},
		{"an image of another site", `await new Promise((taken, refused) => { const i = new Image(); i.onload = taken; i.onerror = refused; i.src = ` + fmt.Sprintf("%q", elsewhere.URL+"/image") + ` })`},
		{"a style within an element", `document.body.setAttribute("style", "color: red"); if (!document.body.style.color) throw 0`},
		{"another base for addresses", `const base = document.createElement("base"); base.href = "https://elsewhere.example/"; document.head.append(base); if (!document.baseURI.includes("elsewhere")) throw 0`},
	} {
		if got := evaluate[string](b, `(async () => { try { `+c.does+`; return "taken" } catch { return "refused" } })()`, chromedp.EvalAwaitPromise); got != "refused" {
			t.Errorf("%s: %s", c.says, got)
		}
	}
	evaluate[bool](b, fmt.Sprintf(`(() => { const form = document.createElement("form"); form.method = "post"; form.action = %q; document.body.append(form); form.submit(); return true })()`, elsewhere.URL+"/form"))
	harness.Await(t, "the browser has refused the form", func() bool { return b.hasSaid("form-action") })
	b.forget()
	b.open(elsewhere.URL + "/frame")
	harness.Await(t, "the browser has refused the frame", func() bool { return b.hasSaid("frame-ancestors") })
	if got := evaluate[string](b, "document.title"); got == "taken" {
		t.Error("a script of another site ran")
	}
	b.forget()
}

// hasSaid reports whether the browser has complained of something.
func (b *tab) hasSaid(what string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.faults, func(fault string) bool { return strings.Contains(fault, what) })
}

// forget drops what the browser has complained of so far.
func (b *tab) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
}
