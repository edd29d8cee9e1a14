//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// message is the body of the upstream's answer, like Twilio's to a message.
const message = `{"account_sid": "AC11111111111111111111111111111111", "api_version": "2010-04-01", ` +
	`"body": "Your verification code is 123456. It expires in ten minutes. Do not share it with anyone.", ` +
	`"date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null, "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000", ` +
	`"direction": "outbound-api", "error_code": null, "error_message": null, "from": "+12025550199", ` +
	`"messaging_service_sid": null, "num_media": "0", "num_segments": "1", "price": null, "price_unit": "USD", ` +
	`"sid": "SM11111111111111111111111111111111", "status": "queued", "subresource_uris": {}, "to": "+12015550123", ` +
	`"uri": "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages/SM11111111111111111111111111111111.json"}`

// serveUpstream answers every request as Twilio answers a message. It does no more than
// find where a request ends, so that the machine's time goes to the server before it.
func serveUpstream(certificate string) error {
	l, err := listenAsSelf(certificate)
	if err != nil {
		return err
	}
	answer := fmt.Appendf(nil, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nDate: Thu, 24 Aug 2023 05:01:45 GMT\r\n\r\n%s", len(message), message)
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			answerAll(conn, answer)
		}()
	}
}

// answerAll gives one answer to every request of a connection, until it ends or holds
// something that this upstream does not understand.
func answerAll(conn net.Conn, answer []byte) {
	buffer, read := make([]byte, 64<<10), 0
	for {
		n, err := conn.Read(buffer[read:])
		if err != nil {
			return
		}
		read += n
		end := bytes.Index(buffer[:read], []byte("\r\n\r\n"))
		if end < 0 {
			continue
		}
		body, ok := bodyLength(buffer[:end+2])
		if !ok {
			return
		}
		if missing := end + 4 + body - read; missing > 0 {
			if _, err := io.CopyN(io.Discard, conn, int64(missing)); err != nil {
				return
			}
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
		read = 0
	}
}

// bodyLength is how long the body is that a header announces. A body in chunks is not
// understood: no request here has one.
func bodyLength(header []byte) (int, bool) {
	for line := range bytes.Lines(header) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			return 0, false
		case bytes.EqualFold(name, []byte("Content-Length")):
			n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
			return n, err == nil
		}
	}
	return 0, true
}
