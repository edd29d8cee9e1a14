package caddymodule_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// What came is what arrives: bytes, framing, headers and trailers.
func TestARequestArrivesByteForByte(t *testing.T) {
	s := startExactGate(t, acmePolicy, "unknown allow")
	toUS := "To=" + us + messageRest
	// Bytes of every value, as a file has them.
	var binary strings.Builder
	for i := range 256 {
		binary.WriteByte(byte(i))
	}
	upload := "--b\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n+12015550123\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"File\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" +
		binary.String() + "\r\n--b--\r\nepilogue"
	multipartType := `multipart/form-data; boundary="b"`
	for _, c := range []struct{ name, request string }{
		{"a form", post(messages(acme), toUS)},
		{"a form in an order of its own, with empty pairs", post(messages(acme), "&&Body=&From=%2b12015550199&=&x&To="+us+"&")},
		{"a form with plus signs and percent signs", post(messages(acme), "To=%2B1+201%20555+0123&Body=a+b%2Bc%26d%3De%")},
		{"a form with letters of all kinds", post(messages(acme), "To="+us+"&Body=Gr\xc3\xbc\xc3\x9fe+%F0%9F%91%8B+\xff")},
		{"a query", request("POST", messages(acme)+"?To="+us+"&Body=a%20b+c&From=%2B12015550199", "", "Content-Length: 0")},
		{"nothing at all", request("POST", account("/Calls/CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), "", "Content-Length: 0")},
		{"chunks of one byte", chunked(messages(acme), toUS, 1, nil)},
		{"one chunk", chunked(messages(acme), toUS, 1000, nil)},
		{"chunks with extensions", request("POST", messages(acme), "5;a=b\r\nTo=%2\r\n2b;c\r\nB12015550123&From=%2B12015550199&Body=Hello\r\n0\r\n\r\n", "Transfer-Encoding: chunked")},
		{"no bytes in chunks", chunked(messages(acme)+"?To="+us, "", 1, nil)},
		{"a body that is expected", request("POST", messages(acme), toUS, "Expect: 100-continue")},
		{"parts with a file", typed(messages(acme), multipartType, upload)},
		{"parts in chunks", chunked(messages(acme), upload, 50, nil, "Content-Type: "+multipartType)},
		{"parts with a preamble", typed(messages(acme), multipartType, "preamble\r\n"+upload)},
		{"JSON", request("POST", "/v1/Messages", "{\n\t\"to\" : [ {\"address\":\"\\u002b12015550123\",\"channel\":\"SMS\"} ] }\n", "Host: comms.twilio.com", "Content-Type: application/json; charset=utf-8")},
		{"an upload of any type", request("POST", "/v1/Services/MCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Media", binary.String(), "Host: mcs.twilio.com", "Content-Type: audio/wav")},
		{"a picture in an operation that reaches no one", request("POST", "/v1/Content", binary.String(), "Host: content.twilio.com", "Content-Type: image/png", "Content-Encoding: gzip")},
		{"a read with a query", reading(messages(acme) + "?To=%2B998912345678&DateSent%3E=2026-01-01&PageSize=50")},
		{"HEAD", request("HEAD", messages(acme), "")},
		{"OPTIONS", request("OPTIONS", messages(acme), "", "Origin: https://app.example", "Access-Control-Request-Method: POST")},
		{"DELETE with a form, as Java writes it", request("DELETE", account("/Messages/SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), "a=b")},
		{"headers of every kind", request("POST", messages(acme), toUS,
			"Accept: application/json", "Accept-Charset: utf-8", "Accept-Encoding: gzip, deflate, br", "Idempotency-Key: 4f2c",
			"I-Twilio-Idempotency-Token: 4f2c", "Twilio-Client-Validation: e30.e30.e30", "X-Twilio-ApiVersion: v1.0",
			"Cookie: a=b; c=d", "X-Empty:", "X-Two: 1", "X-Two: 2", "X-Comma: 1, 2", "x-small: ä", "Range: bytes=0-1",
			"Referer: https://app.example/?To=%2B998912345678", "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==", "Date: Mon, 01 Jan 2024 00:00:00 GMT",
			"Cache-Control: no-cache", "Pragma: no-cache", "If-None-Match: \"x\"", "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")},
		{"no User-Agent", request("POST", messages(acme), toUS, "-User-Agent")},
		{"no credential", request("POST", messages(acme), toUS, "-Authorization")},
		{"a token", request("POST", messages(acme), toUS, "Authorization: Bearer e30.e30.e30")},
		{"a host with a port", request("POST", messages(acme), toUS, "Host: sms.acme.example:8443")},
	} {
		t.Run(c.name, func(t *testing.T) { s.mustForward(t, c.request) })
	}
}

// Trailers arrive if they were announced and can do no harm.
func TestAnnouncedTrailersArriveAndNoOthers(t *testing.T) {
	s, upstream := startWitnessedGate(t, acmePolicy, "")
	form := "To=" + us + messageRest
	for _, c := range []struct {
		name      string
		announced string
		trailers  []string
		arrive    string // as the upstream sees them
	}{
		{"one", "Trailer: X-Checksum", []string{"X-Checksum: 1"}, "map[X-Checksum:[1]]"},
		{"two in one line", "Trailer: X-A, x-b", []string{"X-A: 1", "X-B: 2"}, "map[X-A:[1] X-B:[2]]"},
		{"one that was not announced", "X-No: trailer", []string{"X-A: 1"}, "map[]"},
		{"one beside one that was announced", "Trailer: X-A", []string{"X-A: 1", "X-B: 2"}, "map[X-A:[1]]"},
		{"a type beside one that was announced", "Trailer: X-A", []string{"X-A: 1", "Content-Type: application/json"}, "map[X-A:[1]]"},
		{"a method beside one that was announced", "Trailer: X-A", []string{"X-A: 1", "X-HTTP-Method-Override: PUT"}, "map[X-A:[1]]"},
		{"a credential beside one that was announced", "Trailer: X-A", []string{"X-A: 1", "Authorization: " + basic(unnamed+":x")}, "map[X-A:[1]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.send(t, chunked(messages(acme), form, 7, c.trailers, c.announced))
			seen := upstream.take(t)
			if len(seen) == 0 && a.status >= 400 && a.status < 500 && c.arrive == "map[X-A:[1]]" {
				return // refusing all of it is as good as leaving out what was not announced
			}
			if len(seen) != 1 || seen[0].err != nil || string(seen[0].body) != form {
				t.Fatalf("answered %d, arrived %+v", a.status, seen)
			}
			trailer := fmt.Sprint(map[string][]string(seen[0].trailer))
			if trailer != c.arrive {
				t.Errorf("trailers are %s, want %s", trailer, c.arrive)
			}
		})
	}
}

// A body of exactly the limit arrives whole, one byte more is refused and
// nothing of it arrives, with a length or in chunks.
func TestABodyArrivesUpToItsLimit(t *testing.T) {
	s, upstream := startWitnessedGate(t, acmePolicy, "unknown allow")
	const kib, mib = 1 << 10, 1 << 20
	comms := func(length int) string {
		document := `{"to":[{"address":"+12015550123"}],"padding":""}`
		return strings.Replace(document, `""}`, `"`+strings.Repeat("x", length-len(document))+`"}`, 1)
	}
	form := func(length int) string { return padded("To="+us+messageRest, length) }
	inParts := func(length int) string {
		return multipartForm("b", "To", inUS, "Body", strings.Repeat("x", length-len(multipartForm("b", "To", inUS, "Body", ""))))
	}
	for _, c := range []struct {
		name         string
		limit        int
		host, target string
		contentType  string
		body         func(length int) string
	}{
		{"a message", 64 * kib, "api", messages(acme), formType, form},
		{"a message in parts", 64 * kib, "api", messages(acme), "multipart/form-data; boundary=b", inParts},
		{"a verification", 64 * kib, "verify", verifications, formType, form},
		{"a notification", mib, "notify", notifications, formType, func(n int) string { return padded("Identity=1", n) }},
		{"a message of many", 4 * mib, "comms", "/v1/Messages", "application/json", comms},
		{"an operation that no table knows", 4 * mib, "api", account("/Whatever.json"), formType, func(n int) string { return padded("a=b", n) }},
	} {
		for _, inChunks := range []bool{false, true} {
			write := func(length int) string {
				headers := []string{"Host: " + c.host + ".twilio.com", "Content-Type: " + c.contentType}
				if inChunks {
					return chunked(c.target, c.body(length), 8000, nil, headers...)
				}
				return request("POST", c.target, c.body(length), headers...)
			}
			framing := map[bool]string{false: "with a length", true: "in chunks"}[inChunks]
			t.Run(c.name+" "+framing+" at the limit", func(t *testing.T) {
				a := s.send(t, write(c.limit))
				seen := upstream.take(t)
				if a.status != http.StatusCreated || len(seen) != 1 {
					t.Fatalf("answered %d %s; arrived %d times", a.status, a.body, len(seen))
				}
				if sha256.Sum256(seen[0].body) != sha256.Sum256([]byte(c.body(c.limit))) || seen[0].err != nil {
					t.Errorf("another body arrived: %d bytes, %v", len(seen[0].body), seen[0].err)
				}
				if seen[0].length < 0 && !inChunks { // what was held has a length
					t.Errorf("arrived with length %d", seen[0].length)
				}
			})
			t.Run(c.name+" "+framing+" one over the limit", func(t *testing.T) {
				a := s.send(t, write(c.limit+1))
				if seen := upstream.take(t); len(seen) > 0 {
					t.Fatalf("arrived with %d bytes", len(seen[0].body))
				}
				if a.status != http.StatusRequestEntityTooLarge || a.code != 20001 {
					t.Errorf("answered %d code %d: %s", a.status, a.code, a.body)
				}
			})
		}
	}
}

// What reaches no one has no limit and is not held back: its first bytes
// arrive before its last are sent.
func TestAnUploadIsStreamed(t *testing.T) {
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer upstream.Close()
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	loadCaddyfile(t, exactCaddyfile(s.gate, upstream.Addr().String(), s.log, acmePolicy, "product serverless-upload"))

	client, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	whole := request("POST", "/v1/Services/ZS1/Assets/ZH1/Versions", strings.Repeat("x", 1<<20), "Host: serverless-upload.twilio.com", "Content-Type: multipart/form-data; boundary=b")
	half := len(whole) / 2
	if _, err := io.WriteString(client, whole[:half]); err != nil {
		t.Fatal(err)
	}
	server, err := upstream.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	_ = server.SetDeadline(time.Now().Add(10 * time.Second))
	r, err := http.ReadRequest(bufio.NewReader(server))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r.Body, make([]byte, 1000)); err != nil {
		t.Fatalf("nothing arrives before all is sent: %v", err)
	}
	if _, err := io.WriteString(client, whole[half:]); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r.Body); err != nil || n != 1<<20-1000 {
		t.Errorf("%d bytes arrived, %v", n, err)
	}
	if _, err := io.WriteString(server, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := http.ReadResponse(bufio.NewReader(client), nil); err != nil {
		t.Fatal(err)
	}
}

// Bytes that come one by one are waited for.
func TestASlowBodyArrivesWhole(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	for _, c := range []struct {
		name      string
		request   string
		forwarded bool
	}{
		{"the US with a length", message(us), true},
		{"the US in chunks", chunked(messages(acme), "To="+us+messageRest, 9, nil), true},
		{"a denied destination at the very end", chunked(messages(acme), "Body=Hello&To="+us+"&To="+uz, 9, nil), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", s.gate)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			for i := range len(c.request) {
				if _, err := conn.Write([]byte{c.request[i]}); err != nil {
					t.Fatal(err)
				}
				runtime.Gosched() // for what reads to have its turn
			}
			a := readAnswer(bufio.NewReader(conn))
			arrived := s.upstream.take()
			if (len(arrived) == 1) != c.forwarded {
				t.Fatalf("arrived %d times, answered %d", len(arrived), a.status)
			}
			if c.forwarded && compare(c.request, arrived[0]) != "" {
				t.Errorf("arrived with another %s", compare(c.request, arrived[0]))
			}
		})
	}
}

// A client that waits for "100 Continue" gets it, and its body arrives.
func TestABodyIsAskedForBeforeItIsSent(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	for _, c := range []struct {
		name, to string
		status   int
	}{
		{"allowed", us, http.StatusCreated},
		{"denied", uz, http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole := request("POST", messages(acme), "To="+c.to+messageRest, "Expect: 100-continue")
			head, body, _ := strings.Cut(whole, "\r\n\r\n")
			conn, err := net.Dial("tcp", s.gate)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			_, _ = io.WriteString(conn, head+"\r\n\r\n")
			reader := bufio.NewReader(conn)
			if r, err := http.ReadResponse(reader, nil); err != nil || r.StatusCode != http.StatusContinue {
				t.Fatalf("got %v, %v instead of 100", r, err)
			}
			_, _ = io.WriteString(conn, body)
			if a := readAnswer(reader); a.status != c.status {
				t.Errorf("answered %d: %s", a.status, a.body)
			}
			arrived := s.upstream.take()
			if (len(arrived) == 1) != (c.status == http.StatusCreated) {
				t.Fatalf("arrived %d times", len(arrived))
			}
			if len(arrived) == 1 && compare(whole, arrived[0]) != "" {
				t.Errorf("arrived with another %s", compare(whole, arrived[0]))
			}
		})
	}
}

// A body that breaks off is not a body: it must not arrive as if it were whole,
// not even where nothing is refused.
func TestABrokenBodyNeverArrives(t *testing.T) {
	toUS := "To=" + us + messageRest
	for _, mode := range []struct{ name, policy string }{
		{"enforced", acmePolicy},
		{"observed", "observe\n" + acmePolicy},
	} {
		t.Run(mode.name, func(t *testing.T) {
			s, upstream := startWitnessedGate(t, mode.policy, "")
			for _, c := range []struct {
				name, request string
				// ends says that the client closes its side.
				ends bool
			}{
				{"shorter than its length", request("POST", messages(acme), toUS, fmt.Sprintf("Content-Length: %d", len(toUS)+1)), true},
				{"chunks that end in the middle of one", request("POST", messages(acme), "ff\r\n"+toUS, "Transfer-Encoding: chunked"), true},
				{"chunks without an end", strings.TrimSuffix(chunked(messages(acme), toUS, 9, nil), "0\r\n\r\n"), true},
				{"chunks of no length", request("POST", messages(acme), fmt.Sprintf("%x\r\n%s\r\nzz\r\n", len(toUS), toUS), "Transfer-Encoding: chunked"), false},
				{"chunks longer than they say", request("POST", messages(acme), fmt.Sprintf("%x\r\n%s&To=%s\r\n0\r\n\r\n", len(toUS), toUS, uz), "Transfer-Encoding: chunked"), false},
				{"trailers without an end", strings.TrimSuffix(chunked(messages(acme), toUS, 9, []string{"X-A: 1"}, "Trailer: X-A"), "\r\n"), true},
				{"a trailer that is none", chunked(messages(acme), toUS, 9, []string{"no trailer"}, "Trailer: X-A"), false},
			} {
				t.Run(c.name, func(t *testing.T) {
					conn, err := net.Dial("tcp", s.gate)
					if err != nil {
						t.Fatal(err)
					}
					defer conn.Close()
					_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
					_, _ = io.WriteString(conn, c.request)
					if c.ends {
						_ = conn.(*net.TCPConn).CloseWrite()
					}
					a := readAnswer(bufio.NewReader(conn))
					for _, seen := range upstream.take(t) {
						if seen.err == nil {
							t.Errorf("arrived as if it were whole: %q", seen.body)
						} else {
							t.Logf("began to arrive: %q, %v", seen.body, seen.err)
						}
					}
					if a.status != 0 && a.status < 400 {
						t.Errorf("answered %d: %s", a.status, a.body)
					}
				})
			}
		})
	}
}

// Requests that follow each other on one connection are judged one by one.
func TestRequestsOnOneConnectionAreJudgedOneByOne(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	keep := func(r string) string { return strings.Replace(r, "Connection: close", "Connection: keep-alive", 1) }
	sequence := []struct {
		request string
		status  int
	}{
		{keep(message(us)), http.StatusCreated},
		{keep(message(uz)), http.StatusBadRequest},
		{keep(chunked(messages(acme), "To="+us+messageRest, 5, nil)), http.StatusCreated},
		{keep(post(account("//Messages.json"), "To="+us)), http.StatusNotFound},
		{keep(post(messages(acme), padded("a=", 70<<10))), http.StatusRequestEntityTooLarge},
	}
	conn, err := net.Dial("tcp", s.gate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	go func() {
		for _, r := range sequence {
			_, _ = io.WriteString(conn, r.request)
		}
	}()
	reader := bufio.NewReader(conn)
	for i, r := range sequence {
		if a := readAnswer(reader); a.status != r.status {
			t.Errorf("request %d: answered %d, want %d: %s", i, a.status, r.status, a.body)
		}
	}
	if arrived := s.upstream.take(); len(arrived) != 2 {
		t.Errorf("arrived %d requests, want 2", len(arrived))
	}
}

// HTTP/2 in clear text is judged as HTTP/1 is.
func TestHTTP2IsJudgedTheSame(t *testing.T) {
	w := startWitness(t)
	s := &caddyServer{gate: harness.FreeAddress(t), log: t.TempDir() + "/access.log"}
	caddyfile := exactCaddyfile(s.gate, w.address, s.log, acmePolicy, "")
	loadCaddyfile(t, strings.Replace(caddyfile, "{\n", "{\n\tservers {\n\t\tprotocols h1 h2c\n\t}\n", 1))
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols, DisableCompression: true}
	defer transport.CloseIdleConnections()

	for _, c := range []struct {
		name, method, target, body string
		header                     http.Header
		unknownLength              bool
		trailer                    http.Header
		status                     int // 201: arrives
	}{
		{"a message to the US", "POST", messages(acme), "To=" + us + messageRest, nil, false, nil, 201},
		{"a message to the US of unknown length", "POST", messages(acme), "To=" + us + messageRest, nil, true, nil, 201},
		{"a message to the US with a trailer", "POST", messages(acme), "To=" + us + messageRest, nil, true, http.Header{"X-Checksum": {"1"}}, 201},
		{"a message to any other", "POST", messages(acme), "To=" + uz + messageRest, nil, false, nil, 400},
		{"a message to any other of unknown length", "POST", messages(acme), "To=" + uz + messageRest, nil, true, nil, 400},
		{"a list", "GET", messages(acme) + "?To=" + uz, "", nil, false, nil, 201},
		{"a read with a body", "GET", messages(acme), "To=" + uz + messageRest, nil, true, nil, 404},
		{"a body over the limit", "POST", messages(acme), padded("To="+us, 64<<10+1), nil, true, nil, 413},
		{"an encoded letter", "POST", account("/%4Dessages.json"), "To=" + us, nil, false, nil, 404},
		{"two types", "POST", messages(acme), "To=" + us, http.Header{"Content-Type": {formType, "image/png"}}, false, nil, 400},
		{"a blank in the query", "POST", messages(acme) + "?a b", "To=" + us, nil, false, nil, 404},
		{"a blank in the query of a list", "GET", messages(acme) + "?a b", "", nil, false, nil, 404},
		{"another version behind a blank", "GET", messages(acme) + "?a HTTP/1.0", "", nil, false, nil, 404},
		{"a quote in the query", "POST", messages(acme) + `?a="`, "To=" + us, nil, false, nil, 404},
		{"a letter in the query that is not ASCII", "POST", messages(acme) + "?a=\xc3\xa9", "To=" + us, nil, false, nil, 404},
		{"a bar in the query", "POST", messages(acme) + "?a=b|c", "To=" + us, nil, false, nil, 201},
		{"a trailer with a method", "POST", messages(acme), "To=" + us, nil, true, http.Header{"X-Http-Method-Override": {"PUT"}}, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var body io.Reader
			if c.body != "" {
				body = bytes.NewReader([]byte(c.body))
			}
			if c.unknownLength {
				body = struct{ io.Reader }{body}
			}
			r, err := http.NewRequestWithContext(ctx, c.method, "http://"+s.gate+c.target, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = "api.twilio.com"
			r.Header.Set("Authorization", basic(acme+":secret"))
			r.Header.Set("Content-Type", formType)
			for name, values := range c.header {
				r.Header[name] = values
			}
			r.Trailer = c.trailer
			response, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			answer, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.ProtoMajor != 2 {
				t.Fatalf("spoke %s", response.Proto)
			}
			if response.StatusCode != c.status {
				t.Errorf("answered %d, want %d: %s", response.StatusCode, c.status, answer)
			}
			seen := w.take(t)
			if (len(seen) == 1) != (c.status == 201) {
				t.Fatalf("arrived %d times", len(seen))
			}
			if c.status != 201 {
				return
			}
			if seen[0].target != c.target || seen[0].method != c.method || string(seen[0].body) != c.body {
				t.Errorf("arrived as %s %s %q", seen[0].method, seen[0].target, seen[0].body)
			}
			if got, want := fmt.Sprint(seen[0].trailer), fmt.Sprint(c.trailer); got != want {
				t.Errorf("arrived with trailers %s, want %s", got, want)
			}
		})
	}
}
