package caddymodule_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// objectStore is a server of the S3 protocol.
type objectStore struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request // that put an object
}

func startObjectStore(t *testing.T) (*objectStore, *s3mem.Backend) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("acme-heads"); err != nil {
		t.Fatal(err)
	}
	serves, o := gofakes3.New(backend).Server(), new(objectStore)
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			o.mu.Lock()
			o.requests = append(o.requests, r.Clone(t.Context()))
			o.mu.Unlock()
		}
		serves.ServeHTTP(w, r)
	}))
	t.Cleanup(o.Close)
	return o, backend
}

// objectsOf are the names in a bucket, in their order, and the texts.
func objectsOf(t *testing.T, backend *s3mem.Backend) (names []string, text string) {
	t.Helper()
	listed, err := backend.ListBucket("acme-heads", nil, gofakes3.ListBucketPage{})
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range listed.Contents {
		object, err := backend.GetObject("acme-heads", content.Key, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(object.Contents)
		if err != nil {
			t.Fatal(err)
		}
		names, text = append(names, content.Key), text+string(body)
	}
	return names, text
}

func TestEachHeadIsAnObjectOfItsOwnInABucket(t *testing.T) {
	o, backend := startObjectStore(t)
	block := fmt.Sprintf("\t\taudit {\n\t\t\thead every 1s {\n\t\t\t\tbucket %s/acme-heads/gate-1 {\n\t\t\t\t\taccess_key id secret\n\t\t\t\t\tretain 365d\n\t\t\t\t}\n\t\t\t}\n\t\t}\n", o.URL)
	s := startStore(t, "store sqlite "+filepath.Join(t.TempDir(), "permissions.db"), block)
	heads := func() []int64 {
		_, text := objectsOf(t, backend)
		return sizesOf(t, text)
	}
	for n, account := range []string{"AC00000000000000000000000000000011", "AC00000000000000000000000000000012"} {
		s.must(t, http.StatusCreated, "PUT", "/accounts/"+account, `{"messaging": ["US"]}`)
		harness.Await(t, "the head of a change", func() bool { return last(heads()) == int64(n+1) })
	}
	before, _ := objectsOf(t, backend)
	for _, name := range before {
		if !strings.HasPrefix(name, "gate-1/") || !strings.HasSuffix(name, ".txt") {
			t.Errorf("an object is named %s", name)
		}
	}
	o.mu.Lock()
	sent := len(o.requests)
	o.mu.Unlock()
	loadCaddyfile(t, strings.Replace(s.caddyfile, "every 1s", "every 2s", 1)) // which sends the last one again
	harness.Await(t, "the last head is sent again", func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return len(o.requests) > sent
	})
	if after, _ := objectsOf(t, backend); !slices.Equal(after, before) {
		t.Errorf("the bucket has %v, and had %v", after, before)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.requests {
		until, err := time.Parse(time.RFC3339, r.Header.Get("X-Amz-Object-Lock-Retain-Until-Date"))
		if err != nil || time.Until(until) < 364*24*time.Hour || r.Header.Get("X-Amz-Object-Lock-Mode") != "COMPLIANCE" {
			t.Errorf("an object is retained until %v: %v, %v", until, err, r.Header)
		}
		if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=id/") || r.Header.Get("Content-Md5") == "" || r.Header.Get("If-None-Match") != "*" {
			t.Errorf("an object is put with %v", r.Header)
		}
	}
}
