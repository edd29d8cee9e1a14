package caddymodule_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What the gate cannot be sure of it refuses in the carrier's words, and
// nothing of it reaches the carrier. Each refusal stands beside the
// honest request nearest to it, which must arrive unchanged.
func TestWhatCannotBeJudgedIsRefused(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	toUS := "To=" + us + messageRest
	multipartType := "multipart/form-data; boundary=b"
	named := func(segment string) string { return account("/Conferences/" + segment + "/Participants.json") }
	connection := func(value string) string {
		return request("POST", messages(acme), toUS, "Connection: "+value)
	}
	for _, c := range []struct {
		name    string
		request string
		status  int // 0: arrives unchanged
		code    int
	}{
		// Larger than may be judged.
		{"a message of 64 KiB arrives", post(messages(acme), padded(toUS, 64<<10)), 0, 0},
		{"a message of one byte more does not", post(messages(acme), padded(toUS, 64<<10+1)), 413, 20001},
		{"nor does one in chunks", chunked(messages(acme), padded(toUS, 64<<10+1), 1000, nil), 413, 20001},

		// Encoded.
		{"an encoding that is none arrives", request("POST", messages(acme), toUS, "Content-Encoding: identity"), 0, 0},
		{"a compressed body does not", request("POST", messages(acme), gzipped(toUS), "Content-Encoding: gzip"), 400, 20001},
		{"nor one that only says it is", request("POST", messages(acme), toUS, "Content-Encoding: br"), 400, 20001},
		{"nor one with a coding on the way", request("POST", messages(acme), "0\r\n\r\n", "Transfer-Encoding: gzip, chunked"), 501, 0},
		{"what the client accepts is its own affair", request("POST", messages(acme), toUS, "Accept-Encoding: utf-8"), 0, 0},

		// Undecodable.
		{"a text with a percent sign of its own arrives", post(messages(acme), "To="+us+"&From=%2B12015550199&Body=100%&x=%z"), 0, 0},
		{"a name that does not decode does not", post(messages(acme), toUS+"&%zz=1"), 400, 20001},
		{"nor a destination that does not", post(messages(acme), "To=%2B1201555012%g"+messageRest), 400, 20001},
		{"nor one that does not in the query", post(messages(acme)+"?To=%2", toUS), 400, 20001},
		{"nor a part without a boundary", typed(messages(acme), "multipart/form-data", multipartForm("b", "To", inUS)), 400, 20001},
		{"nor parts that end early", typed(messages(acme), multipartType, strings.TrimSuffix(multipartForm("b", "To", inUS), "--b--\r\n")), 400, 20001},
		{"parts that end arrive", typed(messages(acme), multipartType, multipartForm("b", "To", inUS, "Body", "a\r\nb")), 0, 0},
		{"JSON that ends early does not", request("POST", "/v1/Messages", `{"to":["+12015550123"]`, "Host: comms.twilio.com", "Content-Type: application/json"), 400, 20001},
		{"nor JSON in UTF-16", request("POST", "/v1/Messages", inUTF16(`{"to":[]}`), "Host: comms.twilio.com", "Content-Type: application/json"), 400, 20001},
		{"JSON that ends arrives", request("POST", "/v1/Messages", `{"to":["+12015550123"]}`, "Host: comms.twilio.com", "Content-Type: application/json"), 0, 0},
		{"TwiML that ends early does not", twiml("<Response><Dial>"), 400, 12100},

		// In a type or charset that is not taken.
		{"a form with a charset arrives", typed(messages(acme), formType+"; charset=utf-8", toUS), 0, 0},
		{"a form with an empty parameter arrives", typed(messages(acme), formType+";", toUS), 0, 0},
		{"a form of type capitals arrives", typed(messages(acme), "Application/X-WWW-Form-Urlencoded", toUS), 0, 0},
		{"a form in another charset does not", typed(messages(acme), formType+"; charset=utf-16", toUS), 400, 20001},
		{"nor in EBCDIC", typed(messages(acme), formType+"; charset=ibm037", toUS), 400, 20001},
		{"one that writes ASCII alike does", typed(messages(acme), formType+"; charset=ISO-8859-1", toUS), 0, 0},
		{"nor in two charsets", typed(messages(acme), formType+"; charset=utf-8; charset=utf-16", toUS), 400, 20001},
		{"nor a text", typed(messages(acme), "text/plain", toUS), 400, 21604},
		{"nor JSON where forms are taken", typed(messages(acme), "application/json", `{"To":"+12015550123"}`), 400, 21604},
		{"nor a form where JSON is taken", request("POST", "/v1/Messages", "to="+us, "Host: comms.twilio.com"), 400, 20001},
		{"nor what is not a type at all", typed(messages(acme), "/", toUS), 400, 20001},

		// A path that is not canonical.
		{"a name with a space, a plus and an at sign arrives", post(named("my%20room%2B1%40home"), "To="+us), 0, 0},
		{"a name with signs that need no encoding arrives", post(named("room-1_a.b~c!(x)'*,=:@$&+"), "To="+us), 0, 0},
		{"a name in UTF-8 arrives", post(named("r%C3%BCm"), "To="+us), 0, 0},
		{"a slash at the end arrives", post(account("/Messages.json/"), toUS), 0, 0},
		{"an encoded letter does not", post(account("/%4Dessages.json"), toUS), 404, 20404},
		{"nor an encoded digit", post("/2010-04-0%31/Accounts/"+acme+"/Messages.json", toUS), 404, 20404},
		{"nor an encoded hyphen", post("/2010%2D04-01/Accounts/"+acme+"/Messages.json", toUS), 404, 20404},
		{"nor an encoded dot", post(account("/Messages%2Ejson"), toUS), 404, 20404},
		{"nor an encoded tilde", post(named("%7Eme"), "To="+us), 404, 20404},
		{"nor an encoded slash", post(named("a%2Fb"), "To="+us), 404, 20404},
		{"nor a backslash", post(named(`a\b`), "To="+us), 404, 20404},
		{"nor an encoded backslash", post(named("a%5Cb"), "To="+us), 404, 20404},
		{"nor an encoded percent sign", post(named("a%252Fb"), "To="+us), 404, 20404},
		{"nor a semicolon", post(named("a;b"), "To="+us), 404, 20404},
		{"nor an encoded semicolon", post(named("a%3Bb"), "To="+us), 404, 20404},
		{"nor an encoded line break", post(named("a%0Ab"), "To="+us), 404, 20404},
		{"nor an encoded NUL", post(named("a%00b"), "To="+us), 404, 20404},
		{"nor an encoded delete", post(named("a%7Fb"), "To="+us), 404, 20404},
		{"nor no UTF-8", post(named("a%FFb"), "To="+us), 404, 20404},
		{"nor an empty segment", post(account("//Messages.json"), toUS), 404, 20404},
		{"nor one at the front", post("/"+messages(acme), toUS), 404, 20404},
		{"nor a dot segment", post(account("/./Messages.json"), toUS), 404, 20404},
		{"nor two dots", post(account("/x/../Messages.json"), toUS), 404, 20404},
		{"nor two dots at the end", post(account("/Messages.json/.."), toUS), 404, 20404},
		{"a read of such a path is the carrier's affair", reading(account("/Conferences/a%2Fb.json")), 0, 0},

		// A target that would be written differently.
		{"a query as it came arrives", post(messages(acme)+"?a=b+c%20d&&=&e='%7E~[]|", toUS), 0, 0},
		{"an empty query arrives", post(messages(acme)+"?", toUS), 0, 0},
		{"a letter that is not ASCII does not", post(named("r\xc3\xbcm"), "To="+us), 404, 20404},
		{"nor a quote", post(named(`a"b`), "To="+us), 404, 20404},
		{"nor a brace", post(named(`{a}`), "To="+us), 404, 20404},
		{"nor a fragment", post(messages(acme)+"#a", toUS), 404, 20404},
		{"nor a scheme and host", post("http://api.twilio.com"+messages(acme), toUS), 404, 20404},
		{"nor a scheme and host in a read", reading("http://api.twilio.com" + messages(acme)), 404, 20404},

		// A Connection header that would strip others.
		{"a connection that stays arrives", connection("keep-alive, close"), 0, 0},
		{"a connection in capitals arrives", connection("Close"), 0, 0},
		{"a connection that takes trailers arrives", request("POST", messages(acme), toUS, "Connection: close, TE", "TE: trailers"), 0, 0},
		{"a connection that names a header does not", connection("close, Content-Type"), 400, 20001},
		{"nor one that names the credential", connection("close, authorization"), 400, 20001},
		{"nor one in a second line", request("POST", messages(acme), toUS, "Connection: close", "Connection: X-Twilio"), 400, 20001},
		{"nor one in a read", reading(messages(acme), "Connection: close, Authorization"), 400, 20001},

		// Upgrades.
		{"a wish for more security is none", request("POST", messages(acme), toUS, "Upgrade-Insecure-Requests: 1"), 0, 0},
		{"an offer of HTTP/2 is ignored", request("POST", messages(acme), toUS, "Connection: close, Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), 0, 0},
		{"in a read too", reading(messages(acme), "Connection: close, upgrade,http2-settings", "Upgrade: H2C", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), 0, 0},
		{"in two lines", request("POST", messages(acme), toUS, "Connection: close", "Connection: Upgrade", "Upgrade: h2c", "Upgrade: TLS/1.3, TLS/1.2"), 0, 0},
		{"an offer of TLS is ignored", request("POST", messages(acme), toUS, "Connection: close, Upgrade", "Upgrade: TLS/1.2"), 0, 0},
		{"an offer without a connection is ignored", request("POST", messages(acme), toUS, "Upgrade: HTTP/2.0"), 0, 0},
		{"a connection of an offer alone is none", request("POST", messages(acme), toUS, "Connection: close, Upgrade"), 0, 0},
		{"a wish to be asked for the body is granted here", request("POST", messages(acme), toUS, "Expect: 100-continue"), 0, 0},
		{"an offer does not hide a header that would be stripped", request("POST", messages(acme), toUS, "Connection: close, Upgrade, Content-Type", "Upgrade: h2c"), 400, 20001},
		{"nor does it hide the destination", request("POST", messages(acme), "To=%2B998912345678"+messageRest, "Connection: close, Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), 400, 21408},
		{"a websocket does not arrive", reading(messages(acme), "Connection: Upgrade", "Upgrade: websocket"), 404, 20404},
		{"nor does one beside an offer", reading(messages(acme), "Connection: Upgrade", "Upgrade: h2c, websocket"), 404, 20404},
		{"nor one in a second line", reading(messages(acme), "Connection: Upgrade", "Upgrade: h2c", "Upgrade: WebSocket/13"), 404, 20404},
		{"nor does an unknown one, without a connection", request("POST", messages(acme), toUS, "Upgrade: x"), 404, 20404},
		{"nor does a tunnel", request("CONNECT", "api.twilio.com:443", ""), 404, 20404},

		// Headers that are repeated.
		{"other headers may be repeated", request("POST", messages(acme), toUS, "X-Trace: a", "X-Trace: b"), 0, 0},
		{"two credentials do not arrive", request("POST", messages(acme), toUS, "Authorization: "+basic(acme+":secret"), "Authorization: "+basic(acme+":secret")), 400, 20001},
		{"nor do two types", request("POST", messages(acme), toUS, "Content-Type: "+formType, "content-type: "+formType), 400, 20001},
		{"nor do two encodings", request("POST", messages(acme), toUS, "Content-Encoding: identity", "Content-Encoding: identity"), 400, 20001},

		// Another method than the one that stands there.
		{"a header of nearly that name arrives", request("POST", messages(acme), toUS, "X-Method: PUT"), 0, 0},
		{"a parameter of nearly that name arrives", post(messages(acme)+"?method=GET", toUS+"&StatusCallbackMethod=POST"), 0, 0},
		{"a method in a header does not", reading(messages(acme), "X-HTTP-Method-Override: POST"), 400, 20001},
		{"nor the other headers of this kind", reading(messages(acme), "X-HTTP-Method: POST"), 400, 20001},
		{"nor the third", reading(messages(acme), "X-Method-Override: POST"), 400, 20001},
		{"nor one in the query", reading(messages(acme) + "?_method=POST"), 400, 20001},
		{"nor one in the body", post(messages(acme), toUS+"&_method=DELETE"), 400, 20001},
		{"nor one in a part", typed(messages(acme), multipartType, multipartForm("b", "To", inUS, "_method", "DELETE")), 400, 20001},

		// Sent before the handshake was complete, as a server before this one
		// says (RFC 8470).
		{"what is not early arrives", request("POST", messages(acme), toUS, "Early-Data: 0"), 0, 0},
		{"what is early does not", request("POST", messages(acme), toUS, "Early-Data: 1"), 425, 20001},
		{"a read may be early", reading(messages(acme), "Early-Data: 1"), 0, 0},

		// Trailers that might be read as headers; those that arrive stand with
		// the tests of bodies.
		{"a trailer with a type does not arrive", chunked(messages(acme), toUS, 7, []string{"Content-Type: application/json"}, "Trailer: Content-Type"), 400, 20001},
		{"nor does one with a method", chunked(messages(acme), toUS, 7, []string{"X-HTTP-Method-Override: PUT"}, "Trailer: X-HTTP-Method-Override"), 400, 20001},

		// As it comes, which is not how it is judged.
		{"a request that need not be streamed arrives", request("POST", messages(acme), toUS, "Incremental: ?0"), 0, 0},
		{"one that must be does not", request("POST", messages(acme), toUS, "Incremental: ?1"), 501, 20001},

		// Hosts of the carrier that no table knows.
		{"a host of the carrier arrives", request("POST", messages(acme), toUS, "Host: API.Twilio.com:443"), 0, 0},
		{"a region arrives", request("POST", messages(acme), toUS, "Host: api.dublin.ie1.twilio.com"), 0, 0},
		{"an unknown region does not", request("POST", messages(acme), toUS, "Host: api.fence.twilio.com"), 404, 20404},
		{"nor does an unknown product", reading("/v1/x", "Host: nosuch.twilio.com"), 404, 20404},
		{"nor does the domain", reading("/v1/x", "Host: twilio.com"), 404, 20404},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.status == 0 {
				s.mustForward(t, c.request)
			} else {
				s.mustRefuse(t, c.request, c.status, c.code)
			}
		})
	}
}

// padded makes a form as long as is asked for.
func padded(form string, length int) string {
	form += "&Padding="
	return form + strings.Repeat("x", length-len(form))
}

// Where writes that no table knows are denied, only they are.
func TestUnknownWritesAreRefusedWhereTheOperatorSaysSo(t *testing.T) {
	s := startExactGate(t, acmePolicy, "unknown deny")
	s.mustForward(t, message(us))
	s.mustForward(t, reading("/v1/Whatever"))
	s.mustForward(t, at("verify", strings.Replace(verifications, "Verifications", "VerificationCheck", 1), "To="+us+"&Code=1"))
	s.mustRefuse(t, at("supersim", "/v1/Whatever", "A=b"), 404, 20404)
	s.mustRefuse(t, post(account("/Whatever.json"), "A=b"), 404, 20404)
}

// A refusal is an answer of the carrier in every respect: shape, status in the
// body, length and headers.
func TestARefusalOfAMalformedRequestHasTheCarriersShape(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	for _, c := range []struct{ name, request, contentType, begins string }{
		{"JSON", post(account("/x/../Messages.json"), "To="+us), "application/json", `{"code": 20404, "message": "`},
		{"XML", post(account("/x/../Messages.xml"), "To="+us), "application/xml", "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>20404</Code>"},
		{"JSON of a product", at("verify", "/v2//Services/VA/Verifications", "To="+us), "application/json", `{"code": 20404, "message": "`},
		{"a standard answer", request("POST", "/v2/Conversations", "{", "Host: conversations.twilio.com", "Content-Type: application/json"), "application/json", `{"code": 20001, "message": "`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.send(t, c.request)
			if got := a.header.Get("Content-Type"); got != c.contentType {
				t.Errorf("Content-Type is %q, want %q", got, c.contentType)
			}
			if !strings.HasPrefix(a.body, c.begins) {
				t.Errorf("body is %s", a.body)
			}
			if a.header.Get("Server") != "" || !strings.HasPrefix(a.header.Get("Twilio-Request-Id"), "RQ") {
				t.Errorf("headers are not the carrier's: %v", a.header)
			}
		})
	}
}

// A refused request whose body was not read must not leave the rest of it on
// the connection, to be taken for the next request.
func TestNothingIsSmuggledBehindARefusedRequest(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	inside := request("POST", messages(acme), "To="+uz+messageRest)
	for _, c := range []struct{ name, first string }{
		{"in its body", request("POST", account("//Messages.json"), inside, "Connection: keep-alive")},
		{"in a body that is too large", request("POST", messages(acme), padded("a=", 64<<10)+inside, "Connection: keep-alive")},
		{"in the body of a read", request("GET", account("//Messages.json"), inside, "Connection: keep-alive")},
		{"behind chunks that a length contradicts", request("POST", account("//Messages.json"), "0\r\n\r\n", "Content-Length: 4", "Transfer-Encoding: chunked", "Connection: keep-alive") + inside},
		{"behind a repeated length", request("POST", account("//Messages.json"), inside, "Content-Length: 0", fmt.Sprintf("Content-Length: %d", len(inside)), "Connection: keep-alive")},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", s.gate)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			go func() { _, _ = io.WriteString(conn, c.first+reading("/last")) }()
			reader := bufio.NewReader(conn)
			for {
				response, err := http.ReadResponse(reader, nil)
				if err != nil {
					break
				}
				_, _ = io.Copy(io.Discard, response.Body)
			}
			for _, arrived := range s.upstream.take() {
				if strings.HasPrefix(arrived, "POST") {
					t.Errorf("smuggled:\n%s", clip(arrived))
				}
			}
		})
	}
}
