package caddymodule_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

const rightCode = "123456"

// verifyCarrier answers as Twilio Verify does: a check of the right code is approved. Clients that
// accept gzip get it.
func verifyCarrier(t *testing.T) string {
	carrier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, answer := http.StatusCreated, []byte(fmt.Sprintf(`{"to": %q, "status": "pending", "valid": false}`, r.PostFormValue("To")))
		switch {
		case isCheck(r):
			status = http.StatusOK
		case r.PostFormValue("Code") == rightCode, r.PostFormValue("Status") == "approved":
			answer = bytes.Replace(answer, []byte("pending"), []byte("approved"), 1)
		case r.PostFormValue("Code") == "of no verification":
			status, answer = http.StatusNotFound, bytes.Replace(answer, []byte("pending"), []byte("approved"), 1)
		}
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Accept-Encoding") == "gzip" {
			var packed bytes.Buffer
			writer := gzip.NewWriter(&packed)
			_, _ = writer.Write(answer)
			_ = writer.Close()
			answer = packed.Bytes()
			w.Header().Set("Content-Encoding", "gzip")
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		w.WriteHeader(status)
		_, _ = w.Write(answer)
	}))
	t.Cleanup(carrier.Close)
	return carrier.Listener.Addr().String()
}

// Twenty codes to a block that no one enters are its last; each that is right makes room for those
// that its number took.
func TestVerificationsThatAreNotConvertedStop(t *testing.T) {
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	loadCaddyfile(t, gateCaddyfile(s.gate, verifyCarrier(t), s.log, limitedPolicy("limit signup verify 20/1h of unverified per account block:3\n", ""), ""))
	send := func(i int) int {
		response, _ := s.raw(t, at("verify", verifications, fmt.Sprintf("To=%%2B1201555%04d&Channel=sms", 1000+i)))
		return response.StatusCode
	}
	check := func(i int, path, form, encoding string) string {
		t.Helper()
		request := at("verify", path, fmt.Sprintf("To=%%2B1201555%04d&%s", 1000+i, form))
		response, body := s.raw(t, strings.Replace(request, "\r\n", "\r\nAccept-Encoding: "+encoding+"\r\n", 1))
		if encoding == "gzip" {
			reader, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatalf("%s %q: %v", response.Status, body, err)
			}
			unpacked, err := io.ReadAll(reader)
			if err != nil {
				t.Fatal(err)
			}
			body = string(unpacked)
		}
		return body
	}
	for i := range 20 {
		if status := send(i); status != http.StatusCreated {
			t.Fatalf("verification %d is answered %d", i, status)
		}
	}
	checks := strings.TrimSuffix(verifications, "Verifications") + "VerificationCheck"
	for _, c := range []struct {
		name                       string
		number                     int
		path, form, encoding, says string
		frees                      bool
	}{
		{"a wrong code", 0, checks, "Code=1", "identity", "pending", false},
		{"a verification that there is not", 0, checks, "Code=of+no+verification", "identity", "approved", false},
		{"a number that took nothing", 900, checks, "Code=" + rightCode, "identity", "approved", false},
		{"the right code", 0, checks, "Code=" + rightCode, "identity", "approved", true},
		{"the right code once more", 0, checks, "Code=" + rightCode, "identity", "approved", false},
		{"a packed answer", 1, checks, "Code=" + rightCode, "gzip", "approved", true},
		{"an update", 2, verifications + "/VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Status=approved", "identity", "approved", true},
	} {
		if status := send(500); status != http.StatusTooManyRequests {
			t.Fatalf("before %s, a verification is answered %d", c.name, status)
		}
		want := fmt.Sprintf(`{"to": "+1201555%04d", "status": %q, "valid": false}`, 1000+c.number, c.says)
		if body := check(c.number, c.path, c.form, c.encoding); body != want {
			t.Errorf("%s is answered %s", c.name, body)
		}
		if !c.frees {
			continue
		}
		if status := send(600); status != http.StatusCreated {
			t.Errorf("after %s, a verification is answered %d", c.name, status)
		}
	}
	if status := send(500); status != http.StatusTooManyRequests {
		t.Errorf("at last, a verification is answered %d", status)
	}
}
