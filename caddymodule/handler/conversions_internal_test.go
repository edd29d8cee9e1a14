package handler

import (
	"bytes"
	"compress/gzip"
	"net/http/httptest"
	"strings"
	"testing"
)

// packed is a text in gzip.
func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhichAnswersAreReadAndThatAllPass(t *testing.T) {
	const text = `{"status": "approved"}`
	long, atMost := strings.Repeat("x", maxConversion+1), strings.Repeat("x", maxConversion)
	for _, c := range []struct {
		name, encoding string
		status         int
		pieces         []string
		want           string
		ok             bool
	}{
		{"plain", "", 201, []string{text}, text, true},
		{"in pieces", "identity", 200, []string{text[:5], text[5:]}, text, true},
		{"packed", "gzip", 200, []string{packed(t, text)}, text, true},
		{"as long as may be", "", 200, []string{atMost}, atMost, true},
		{"too long", "", 200, []string{long}, "", false},
		{"too long in pieces", "", 200, []string{atMost, "x", text}, "", false},
		{"too long once it is unpacked", "gzip", 200, []string{packed(t, long)}, "", false},
		{"a part of a packed one", "gzip", 200, []string{packed(t, text)[:20]}, "", false},
		{"not packed as it says", "gzip", 200, []string{text}, "", false},
		{"another encoding", "br", 200, []string{text}, "", false},
		{"an error", "", 404, []string{text}, "", false},
		{"a redirect", "", 301, []string{text}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := httptest.NewRecorder()
			w := &copyingWriter{ResponseWriter: client}
			if c.encoding != "" {
				w.Header().Set("Content-Encoding", c.encoding)
			}
			w.WriteHeader(c.status)
			for _, piece := range c.pieces {
				if _, err := w.Write([]byte(piece)); err != nil {
					t.Fatal(err)
				}
			}
			if got, ok := w.answer(); string(got) != c.want || ok != c.ok {
				t.Errorf("read %d bytes, %t", len(got), ok)
			}
			if client.Body.String() != strings.Join(c.pieces, "") {
				t.Errorf("the client gets %d bytes", client.Body.Len())
			}
		})
	}
	t.Run("no answer", func(t *testing.T) {
		if _, ok := (&copyingWriter{ResponseWriter: httptest.NewRecorder()}).answer(); ok {
			t.Error("it is read")
		}
	})
}
