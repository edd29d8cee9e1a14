//go:build linux

package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http2/hpack"
)

// http2 is a connection of HTTP/2 without TLS, by prior knowledge (RFC 9113, 3.3). One
// request goes after another, as over HTTP/1.1, so that what differs is the protocol.
type http2 struct {
	conn   net.Conn
	reader *bufio.Reader
	fields *hpack.Decoder
	stream uint32 // of the last request
	wire   []byte // of the request, with the number of its stream
	frame  []byte
	body   []byte
}

// Types and flags of frames, RFC 9113, 6.
const (
	frameHead   = 9
	frameData   = 0
	frameFields = 1
	frameReset  = 3
	frameConfig = 4
	framePing   = 6
	frameGoAway = 7
	endStream   = 0x1 // of data and fields
	acknowledge = 0x1 // of config and ping
	endFields   = 0x4
	maxFrame    = 16384
)

// appendFrame appends one frame of stream 0.
func appendFrame(wire []byte, kind, flags byte, payload []byte) []byte {
	wire = append(wire, byte(len(payload)>>16), byte(len(payload)>>8), byte(len(payload)), kind, flags, 0, 0, 0, 0)
	return append(wire, payload...)
}

// http2Request is a request as frames of stream 0, which ask numbers.
func http2Request(host, path string, headers []header, body string) []byte {
	var block fieldWriter
	encoder := hpack.NewEncoder(&block)
	encoder.SetMaxDynamicTableSize(0) // the same bytes serve all connections
	write := func(name, value string) {
		_ = encoder.WriteField(hpack.HeaderField{Name: name, Value: value})
	}
	write(":method", "POST")
	write(":scheme", "http")
	write(":authority", host)
	write(":path", path)
	for _, h := range headers {
		write(strings.ToLower(h.Name), h.Value)
	}
	wire := appendFrame(nil, frameFields, endFields, block)
	for rest := []byte(body); ; {
		part := rest[:min(len(rest), maxFrame)]
		rest = rest[len(part):]
		if len(rest) == 0 {
			return appendFrame(wire, frameData, endStream, part)
		}
		wire = appendFrame(wire, frameData, 0, part)
	}
}

// fieldWriter takes what an encoder writes.
type fieldWriter []byte

func (w *fieldWriter) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}

func connectHTTP2(address string) (client, error) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	c := &http2{conn: conn, reader: bufio.NewReaderSize(conn, 16<<10), fields: hpack.NewDecoder(4096, nil), frame: make([]byte, maxFrame)}
	// Windows so large that they need not be enlarged in one run.
	settings := binary.BigEndian.AppendUint32([]byte{0, 4}, 1<<31-1)
	wire := append([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), appendFrame(nil, frameConfig, 0, settings)...)
	wire = appendFrame(wire, 8, 0, binary.BigEndian.AppendUint32(nil, 1<<31-1-65535))
	if _, err := conn.Write(wire); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *http2) close()               { c.conn.Close() }
func (c *http2) deadline(t time.Time) { _ = c.conn.SetDeadline(t) }

func (c *http2) ask(request []byte) (status int, body []byte, err error) {
	if c.stream == 0 {
		c.stream = 1
	} else {
		c.stream += 2
	}
	c.wire = append(c.wire[:0], request...)
	for rest := c.wire; len(rest) > 0; {
		binary.BigEndian.PutUint32(rest[5:], c.stream)
		rest = rest[frameHead+frameLength(rest):]
	}
	if _, err := c.conn.Write(c.wire); err != nil {
		return 0, nil, err
	}
	return c.answer()
}

func frameLength(head []byte) int { return int(head[0])<<16 | int(head[1])<<8 | int(head[2]) }

// answer reads frames until an answer ends.
func (c *http2) answer() (status int, body []byte, err error) {
	c.body = c.body[:0]
	var head [frameHead]byte
	for {
		if _, err := io.ReadFull(c.reader, head[:]); err != nil {
			return 0, nil, err
		}
		length, kind, flags := frameLength(head[:]), head[3], head[4]
		if length > len(c.frame) {
			return 0, nil, errors.New("frame is too long")
		}
		payload := c.frame[:length]
		if _, err := io.ReadFull(c.reader, payload); err != nil {
			return 0, nil, err
		}
		switch {
		case kind == frameFields && flags&endFields != 0:
			if status, err = c.status(payload); err != nil {
				return 0, nil, err
			}
		case kind == frameData:
			c.body = append(c.body, payload...)
		case (kind == frameConfig || kind == framePing) && flags&acknowledge == 0:
			if kind == frameConfig {
				payload = nil
			}
			if _, err := c.conn.Write(appendFrame(nil, kind, acknowledge, payload)); err != nil {
				return 0, nil, err
			}
		case kind == frameReset, kind == frameGoAway, kind == frameFields:
			return 0, nil, fmt.Errorf("unexpected frame of type %d: %x", kind, payload)
		}
		if (kind == frameData || kind == frameFields) && flags&endStream != 0 {
			return status, c.body, nil
		}
	}
}

// status is that of a block of fields.
func (c *http2) status(block []byte) (int, error) {
	fields, err := c.fields.DecodeFull(block)
	if err != nil {
		return 0, err
	}
	for _, field := range fields {
		if field.Name == ":status" {
			return strconv.Atoi(field.Value)
		}
	}
	return 0, errors.New("answer without a status")
}
