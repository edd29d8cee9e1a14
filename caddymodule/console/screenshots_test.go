package console_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// shownInDocs are the pages of which the docs show a picture, docs/console/<name>.png.
var shownInDocs = []struct{ name, path string }{
	{"now", "now/"},
	{"accounts", "accounts/"},
	{"account", "accounts/" + acme + "?find=united"},
	{"why", "why/?account=" + acme + "&channel=messaging&to=%2B998993941234"},
	{"audit", "audit/?action=account.put"},
	{"keys", "keys/"},
	{"policy", "policy/"},
}

// mostPicture bounds a picture, in bytes.
const mostPicture = 60_000

// settled makes what differs from run to run the same: times, and names that are drawn.
const settled = `(() => {
	for (const time of document.querySelectorAll("time")) time.textContent = "2026-11-30 09:00 GMT+1";
	for (const link of document.querySelectorAll("a[href*='/blocks/']")) link.textContent = link.textContent.replace(/[0-9a-z]{16}$/, "06h2qq5cihna4822");
	for (const code of document.querySelectorAll("code")) {
		code.textContent = code.textContent.replace(/SK[0-9a-f]{32}/, "SK0a1b2c3d4e5f60718293a4b5c6d7e8f9").replace(/^[0-9a-f]{12}\.\d+$/, "ce17891a2f6b.12");
	}
})()`

// With -update, the pictures are written. They have the fonts of the machine, so they are not
// compared.
func TestPicturesOfPagesAreInTheDocs(t *testing.T) {
	if *harness.Update {
		takePictures(t)
	}
	text, err := os.ReadFile("../../docs/console.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range shownInDocs {
		picture, err := os.ReadFile("../../docs/console/" + page.name + ".png")
		if err != nil {
			t.Errorf("%v: go test ./caddymodule/console -run Pictures -update writes it", err)
		}
		if len(picture) > mostPicture {
			t.Errorf("the picture of %s has %d bytes, more than %d", page.name, len(picture), mostPicture)
		}
		if !strings.Contains(string(text), "](console/"+page.name+".png)") {
			t.Errorf("docs/console.md does not show the picture of %s", page.name)
		}
	}
	found, err := filepath.Glob("../../docs/console/*.png")
	if err != nil || len(found) != len(shownInDocs) {
		t.Errorf("docs/console has %d pictures, not %d: %v", len(found), len(shownInDocs), err)
	}
}

func takePictures(t *testing.T) {
	g := startGate(t)
	for _, o := range []struct{ method, path, body string }{
		{"PUT", "/accounts/" + acme, `{"label": "Acme", "messaging": ["US", "CA", "GB"], "voice": {"low_risk": ["US", "CA"]}}`},
		{"PUT", "/accounts/" + child, `{"label": "Acme Brazil", "parent": "` + acme + `", "messaging": ["BR", "PT"]}`},
		{"PUT", "/suspensions/" + child, `{"reason": "leaked key"}`},
		{"PUT", "/settings", `{"limits": [{"name": "block", "channel": "messaging", "amount": "10/1h", "of": "numbers", "per": ["account", "block:3"], "for": "15m"}]}`},
		{"POST", "/blocks", `{"block": "+99899394", "reason": "pumping, incident 4711"}`},
		{"POST", "/keys", `{"account": "` + acme + `", "name": "billing", "channels": ["messaging"]}`},
		{"POST", "/keys", `{"account": "` + child + `", "name": "hotline", "operations": ["calls.*"], "expires": "2099-01-01T00:00:00Z"}`},
	} {
		g.stated(t, o.method, o.path, o.body)
	}
	for range 3 {
		g.expectSend(t, acme, "+447400123456", 201)
	}
	for i := range 40 {
		status := 201
		if i >= 10 {
			status = 400
		}
		g.expectSend(t, acme, fmt.Sprint("+12015550", 100+i), status)
	}
	harness.Await(t, "what was sent and refused is counted", func() bool {
		return strings.Contains(g.stated(t, "GET", "/traffic?by=territory", ""), `"count":3`) &&
			strings.Contains(g.stated(t, "GET", "/audit/report?by=reason", ""), `"count":30`)
	})
	b := openTab(t, "alice")
	b.do(chromedp.EmulateViewport(1000, 620))
	for _, page := range shownInDocs {
		b.open("http://" + g.site + pages + page.path)
		b.do(chromedp.Evaluate[chromedp.Void](settled))
		shot, err := chromedp.Run(b, chromedp.CaptureScreenshot())
		if err != nil {
			b.fail(err)
		}
		if err := os.WriteFile("../../docs/console/"+page.name+".png", paletted(t, shot), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// paletted is a picture with the 256 colours that most of its pixels have, and for each other one
// the nearest of them: a page has few.
func paletted(t *testing.T, picture []byte) []byte {
	t.Helper()
	from, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := range from.Bounds().Dy() {
		for x := range from.Bounds().Dx() {
			count[at(x, y)]++
		}
	}
	var palette color.Palette
	for c := range count {
		palette = append(palette, c)
	}
	// In one order, whatever that of the map is.
	slices.SortFunc(palette, func(a, b color.Color) int {
		x, y := a.(color.RGBA), b.(color.RGBA)
		if n := count[y] - count[x]; n != 0 {
			return n
		}
		return bytes.Compare([]byte{x.R, x.G, x.B}, []byte{y.R, y.G, y.B})
	})
	to := image.NewPaletted(from.Bounds(), palette[:min(len(palette), 256)])
	for y := range from.Bounds().Dy() {
		for x := range from.Bounds().Dx() {
			to.Set(x, y, at(x, y))
		}
	}
	var written bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&written, to); err != nil {
		t.Fatal(err)
	}
	return written.Bytes()
}
