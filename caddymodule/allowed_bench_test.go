package caddymodule_test

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// What an allowed message costs beside Caddy's own proxy without a gate, from the client's
// bytes to the carrier's and back. Neither the client nor the carrier allocates.
func BenchmarkAllowed(b *testing.B) {
	for _, server := range startAllowing(b) {
		b.Run(server.name, func(b *testing.B) {
			b.ReportAllocs()
			server.send(b, 1) // it opens the connection to the carrier
			b.ResetTimer()
			server.send(b, b.N)
		})
	}
}

// proxyByGate is Caddy's proxy over connections of the gate.
const proxyByGate = `reverse_proxy {http.tollgate.upstream} {
		transport tollgate
	}`

// allowing is a server that forwards a message, and a connection to it.
type allowing struct {
	name    string
	conn    net.Conn
	request []byte
	buffer  []byte
}

// startAllowing starts a carrier and servers that forward to it: a gate as its Caddyfiles
// are shipped, the same with a log, one with Caddy's proxy behind it, and Caddy's proxy
// alone.
func startAllowing(t testing.TB) []*allowing {
	t.Helper()
	form := messageTo("+12015550123")
	carrier := startStaticCarrier(t, len(form))
	gate, logged := harness.FreeAddress(t), harness.FreeAddress(t)
	proxied, bare := harness.FreeAddress(t), harness.FreeAddress(t)
	site := `
	handle /healthz {
		respond OK
	}
	tollgate twilio {
		upstream ` + carrier + `
	}
	tollgate_forward
	handle_errors 502 503 504 {
		tollgate_error twilio
	}`
	loadCaddyfile(t, fmt.Sprintf(`{
`+quietOptions+`	order tollgate before tollgate_forward
	tollgate {
%s
	}
}
http://:%s {%s
}
http://:%s {
	log {
		output discard
		format tollgate
	}%s
}
http://:%s {%s
}
http://:%s {
	reverse_proxy %s
}
`, acmePolicy, harness.Port(gate), site, harness.Port(logged), site,
		harness.Port(proxied), strings.Replace(site, "tollgate_forward", proxyByGate, 1), harness.Port(bare), carrier))
	send := request("POST", messages(acme), form, "-Connection", "Accept: application/json", "Accept-Encoding: gzip")
	servers := []*allowing{{name: "by the gate"}, {name: "by the gate with a log"},
		{name: "by reverse_proxy behind the gate"}, {name: "by reverse_proxy"}}
	for i, address := range []string{gate, logged, proxied, bare} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		servers[i].conn, servers[i].request, servers[i].buffer = conn, []byte(send), make([]byte, 8<<10)
	}
	return servers
}

// queuedMessage is the carrier's answer to every message.
var queuedMessage = []byte(`{"sid": "SM11111111111111111111111111111111", "status": "queued", ` +
	`"account_sid": "AC11111111111111111111111111111111", "body": "` + strings.Repeat("Hello ", 60) + `"}`)

// send sends the message n times, one after the other.
func (a *allowing) send(t testing.TB, n int) {
	for range n {
		if _, err := a.conn.Write(a.request); err != nil {
			t.Fatal(err)
		}
		for read := 0; !bytes.HasSuffix(a.buffer[:read], queuedMessage); {
			n, err := a.conn.Read(a.buffer[read:])
			if err != nil {
				t.Fatalf("%v after %q", err, a.buffer[:read])
			}
			read += n
		}
	}
	if !bytes.HasPrefix(a.buffer, []byte("HTTP/1.1 201 ")) {
		t.Fatalf("answered %s", a.buffer)
	}
}

// startStaticCarrier starts a carrier that answers each message with the same bytes. Each
// body has the length given.
func startStaticCarrier(t testing.TB, length int) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	answer := fmt.Appendf(nil, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
		"Date: Thu, 24 Aug 2023 05:01:45 GMT\r\nTwilio-Request-Id: RQ11111111111111111111111111111111\r\n\r\n%s",
		len(queuedMessage), queuedMessage)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answerMessages(conn, length, answer)
		}
	}()
	return listener.Addr().String()
}

// answerMessages answers the messages that come on a connection, one after the other.
func answerMessages(conn net.Conn, length int, answer []byte) {
	defer conn.Close()
	buffer, read := make([]byte, 16<<10), 0
	for {
		n, err := conn.Read(buffer[read:])
		if err != nil {
			return
		}
		read += n
		head := bytes.Index(buffer[:read], []byte("\r\n\r\n"))
		if head < 0 || read < head+4+length {
			continue
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
		read = 0
	}
}
