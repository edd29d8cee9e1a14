package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is the one of all tests of this package; nil if it is not installed.
var browser = sync.OnceValue(func() *running {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 900), chromedp.Flag("lang", "en-GB"), chromedp.Env("TZ=Asia/Tokyo"),
		// A name that browsers do not take for this machine.
		chromedp.Flag("host-resolver-rules", "MAP gate.example 127.0.0.1"))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	// Messages of the protocol that this version of the library does not know are not faults.
	opened, closeTab := chromedp.NewContext(allocated, chromedp.WithErrorf(func(string, ...any) {}))
	b := &running{opened, func() { closeTab(); stop() }, nil}
	b.err = chromedp.Do(opened)
	return b
})

// running is a browser that runs, or that could not be started.
type running struct {
	context.Context
	stop func()
	err  error
}

var started bool

func closeBrowser() {
	if started && browser() != nil {
		browser().stop()
	}
}

// tab is one of the browser, in a session of its own.
type tab struct {
	t *testing.T
	context.Context

	mu sync.Mutex
	// faults are what the browser has complained of.
	faults []string
}

// openTab opens one as a user whom the server has authenticated; empty is none.
func openTab(t *testing.T, user string) *tab {
	t.Helper()
	started = true
	b := browser()
	switch {
	case b == nil && os.Getenv("CI") == "true":
		t.Fatal("Chromium is not installed: .ci/install-chromium does it")
	case b == nil:
		t.Skip("Chromium is not installed: .ci/install-chromium does it")
	case b.err != nil:
		t.Fatalf("starting Chromium: %v", b.err)
	}
	opened, closeTab := chromedp.NewContext(b, chromedp.WithNewBrowserContext())
	limited, cancel := context.WithTimeout(opened, 2*time.Minute)
	t.Cleanup(func() { cancel(); closeTab() })
	tab := &tab{t: t, Context: limited}
	if err := chromedp.Listen(opened, tab.listen); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	headers := network.Headers{}
	if user != "" {
		headers["X-User"] = user
	}
	command(tab, log.Enable, cdp.Empty{})
	tab.prefer("light")
	command(tab, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: headers})
	return tab
}

// prefer makes pages take a colour scheme, and leave transitions out: where a test goes on before
// one has ended, the browser calls that an error.
func (b *tab) prefer(scheme string) {
	b.t.Helper()
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// command sends a command of the protocol of browsers.
func command[P, R any](b *tab, asked cdp.Command[P, R], parameters P) R {
	b.t.Helper()
	result, err := chromedp.Call(b, asked, parameters)
	if err != nil {
		b.t.Fatalf("asking the browser: %v", err)
	}
	return result
}

// listen keeps what a page should not have made the browser say: violations of the policy for
// content, and errors of scripts.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		// Pages that say what is wrong are answered with the status of that.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			b.faults = append(b.faults, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		fault := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			fault += " " + e.ExceptionDetails.Exception.Description
		}
		b.faults = append(b.faults, fault)
	}
}

// do acts in the tab.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	limited, cancel := context.WithTimeout(b, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, actions...); err != nil {
		b.fail(err)
	}
}

// fail ends the test, and says where the tab is.
func (b *tab) fail(err error) {
	b.t.Helper()
	url, _ := chromedp.Run(b, chromedp.Location())
	b.t.Fatalf("at %s: %v", url, err)
}

// open goes to an address.
func (b *tab) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// follow clicks on what a selector finds, and waits until the next page is there.
func (b *tab) follow(selector string) {
	b.t.Helper()
	limited, cancel := context.WithTimeout(b, 20*time.Second)
	defer cancel()
	response, err := chromedp.RunResponse(limited, chromedp.Click(chromedp.CSS(selector)))
	if err != nil {
		b.fail(fmt.Errorf("following %s: %w", selector, err))
	}
	if response != nil && response.Status >= 500 {
		b.fail(fmt.Errorf("following %s: %d %s", selector, response.Status, b.text("body")))
	}
}

// press presses a key, as a keyboard does: what a script prevents is not typed.
func (b *tab) press(key string) {
	b.t.Helper()
	command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key})
	command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
}

// text is what an element shows; empty if it is not there.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return strings.TrimSpace(evaluate[string](b, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector)))
}

// evaluate is the value of an expression of JavaScript.
func evaluate[T any](b *tab, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	value, err := chromedp.Run(b, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		b.fail(err)
	}
	return value
}

// checkFaults fails if the browser has complained.
func (b *tab) checkFaults() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, fault := range b.faults {
		b.t.Errorf("the browser says: %s", fault)
	}
	b.faults = nil
}

// sights are how pages are looked at.
var sights = []struct {
	name          string
	width, height int64
	scheme        string
}{{"a light screen", 1280, 900, "light"}, {"a dark phone", 390, 844, "dark"}}

// sideways are the headings of tables of which a part is out of sight.
const sideways = `[...document.querySelectorAll(".scroll:has(.stacked)")].filter((table) => table.scrollWidth > table.clientWidth + 1)
	.map((table) => table.getAttribute("aria-labelledby")).join()`

// look holds a page to the rules of accessibility, in both colour schemes and sizes, and to its
// width. With TOLLGATE_SCREENSHOTS, pictures of it go into that folder.
func (b *tab) look(url, name string) {
	b.t.Helper()
	for _, s := range sights {
		b.do(chromedp.EmulateViewport(s.width, s.height))
		b.prefer(s.scheme)
		b.open(url)
		b.checkFaults()
		if wide := evaluate[float64](b, "document.documentElement.scrollWidth"); wide > float64(s.width) {
			b.t.Errorf("%s on %s is %v pixels wide", name, s.name, wide)
		}
		if wide := evaluate[string](b, sideways); wide != "" {
			b.t.Errorf("%s on %s scrolls sideways in %s", name, s.name, wide)
		}
		b.picture(fmt.Sprintf("%s-%d-%s", name, s.width, s.scheme))
		b.withRules(name+" on "+s.name, func() { b.open(url) })
	}
	b.do(chromedp.ResetViewport(), chromedp.Navigate(url))
}

// withRules holds the page to which something leads to the rules of accessibility, by axe-core.
// That makes elements of texts, which the pages themselves may not: the policy for content does
// not hold meanwhile.
func (b *tab) withRules(name string, lead func()) {
	b.t.Helper()
	command(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
	lead()
	b.checkRules(name)
	command(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: false})
}

// checkRules runs axe-core on the page that is open.
func (b *tab) checkRules(name string) {
	b.t.Helper()
	script, err := os.ReadFile("testdata/axe/node_modules/axe-core/axe.min.js")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		b.t.Fatal(err)
	case err != nil:
		b.t.Log("axe-core is not installed: .ci/install-chromium does it")
		return
	}
	b.do(chromedp.Evaluate[chromedp.Void](string(script)))
	found := evaluate[string](b, `axe.run().then((r) => JSON.stringify(r.violations.map((v) =>
		({rule: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary)}))))`, chromedp.EvalAwaitPromise)
	var violations []struct {
		Rule, Help string
		Nodes      []string
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		b.t.Errorf("%s: %s: %s\n%s", name, v.Rule, v.Help, strings.Join(v.Nodes, "\n"))
	}
}

// picture keeps one of what the tab shows, if pictures are asked for.
func (b *tab) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("TOLLGATE_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b, chromedp.CaptureScreenshot())
	if err != nil {
		b.fail(err)
	}
	if err := os.WriteFile(folder+"/"+strings.ReplaceAll(name, " ", "-")+".png", picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// cookies are those of the tab.
func (b *tab) cookies() (found []*http.Cookie) {
	b.t.Helper()
	for _, c := range command(b, network.GetCookies, network.GetCookiesParams{}).Cookies {
		found = append(found, &http.Cookie{Name: c.Name, Value: c.Value, HttpOnly: c.HTTPOnly, Path: c.Path})
	}
	return found
}
