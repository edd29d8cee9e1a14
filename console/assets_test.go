package console

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
)

// mostAssets bounds what a browser loads besides pages, in bytes of gzip, and mostScript one
// script.
const (
	mostAssets = 150_000
	mostScript = 10_000
)

func TestWhatABrowserLoadsBesidesPagesIsSmall(t *testing.T) {
	total := 0
	for name, a := range assets {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(a.text)
		_ = w.Close()
		total += packed.Len()
		if n := len(a.text); regexp.MustCompile(`\.js$`).MatchString(name) && n > mostScript {
			t.Errorf("%s has %d bytes, more than %d", name, n, mostScript)
		}
	}
	if total == 0 || total > mostAssets {
		t.Errorf("the assets have %d bytes as gzip, more than %d", total, mostAssets)
	}
}

// forbidden is what a script does not need and must not have: the policy for content refuses
// it, and a page should not depend on that.
var forbidden = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\bimport\(`)

func TestScriptsMakeNoElementsOfTexts(t *testing.T) {
	for name, a := range assets {
		if found := forbidden.Find(a.text); found != nil && regexp.MustCompile(`\.js$`).MatchString(name) {
			t.Errorf("%s has %s", name, found)
		}
	}
}

func TestAnAssetIsKeptForGoodAndOneOfAnotherVersionIsNotThere(t *testing.T) {
	c, err := New(Options{API: http.NotFoundHandler(), Path: "/c/", Links: &Links{}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{assets["console.css"].name: 200, "console-000000000000.css": 404, "console.css": 404} {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequest("GET", "/c/assets/"+name, nil))
		if w.Code != want {
			t.Errorf("%s is answered %d, not %d", name, w.Code, want)
		}
		if kept := w.Header().Get("Cache-Control") == "public, max-age=31536000, immutable"; kept != (want == 200) {
			t.Errorf("%s is answered with Cache-Control: %s", name, w.Header().Get("Cache-Control"))
		}
	}
}
