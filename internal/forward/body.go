package forward

import (
	"bytes"
	"io"
)

// framing is how a body ends.
type framing int

const (
	ended framing = iota
	byLength
	byChunks
	byClose
)

// body is where the reading of an answer's body stands.
type body struct {
	framing framing
	left    int64 // bytes to come, of the chunk or of the whole
	inChunk bool  // whether a chunk has begun whose end is not read
	extra   int   // bytes of chunk extensions so far
	limit   int64 // of the trailers, in bytes
	fields  []field
}

// Bounds of what stands around chunks. A size has at most 16 digits, as net/http has it.
const (
	maxChunkDigits     = 16
	maxChunkExtensions = 4 << 10 // of a whole body, in bytes
)

// beginBody prepares the reading of the body that the head announces.
func (c *conn) beginBody(method string, limit int64) {
	h := &c.answer
	c.body = body{limit: limit}
	switch {
	case h.bodyless(method):
		// A server that means to send one all the same would be read wrongly next time.
		if method != "HEAD" && h.status != 304 && (h.chunked || h.length > 0) {
			h.keep = false
		}
		h.trailers = nil
	case h.chunked:
		c.body.framing = byChunks
	case h.length == 0:
	case h.length > 0:
		c.body.framing, c.body.left = byLength, h.length
	default:
		c.body.framing = byClose
		h.keep = false
	}
}

// readBody reads some of the body. It returns io.EOF once the whole body and its trailers
// are read, by themselves.
func (c *conn) readBody(p []byte) (int, error) {
	b := &c.body
	switch b.framing {
	case byClose:
		n, err := c.read(p)
		if n == 0 && err == io.EOF {
			b.framing = ended
		}
		return n, err
	case byChunks:
		if err := c.nextChunk(); err != nil {
			return 0, unexpected(err)
		}
	}
	if b.framing == ended {
		return 0, io.EOF
	}
	n, err := c.read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if b.framing == byLength && b.left == 0 {
		b.framing = ended
	}
	return n, unexpected(err)
}

// nextChunk reads up to the data of the next chunk, if that of the last one is read. After
// the last chunk it reads the trailers.
func (c *conn) nextChunk() error {
	b := &c.body
	if b.left > 0 {
		return nil
	}
	if b.inChunk {
		line, err := c.readLine(2)
		if err != nil {
			return err
		}
		if len(line) > 0 {
			return errChunk
		}
		b.inChunk = false
	}
	line, err := c.readLine(maxChunkDigits + maxChunkExtensions)
	if err != nil {
		return err
	}
	size, extension, _ := bytes.Cut(line, []byte{';'})
	if b.extra += len(extension); b.extra > maxChunkExtensions || !validValue(string(extension)) {
		return errChunk
	}
	if b.left, err = chunkSize(size); err != nil {
		return err
	}
	if b.left > 0 {
		b.inChunk = true
		return nil
	}
	text, err := c.readSection(b.limit)
	if err != nil {
		return err
	}
	b.framing = ended
	b.fields, err = parseFields(nil, text)
	return err
}

// readLine reads a line of at most limit bytes, which ends with CR LF. The text, without
// its end, is valid until the next read.
func (c *conn) readLine(limit int) ([]byte, error) {
	for {
		text := c.buffer[c.begin:c.end]
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			if i == 0 || text[i-1] != '\r' || i >= limit+2 {
				return nil, errChunk
			}
			c.begin += i + 1
			return text[:i-1], nil
		}
		if len(text) >= limit+2 {
			return nil, errChunk
		}
		if err := c.fill(); err != nil {
			return nil, err
		}
	}
}

// chunkSize reads hexadecimal digits.
func chunkSize(text []byte) (size int64, err error) {
	if len(text) == 0 || len(text) > maxChunkDigits {
		return 0, errChunk
	}
	for _, digit := range text {
		switch {
		case '0' <= digit && digit <= '9':
			digit -= '0'
		case 'a' <= digit && digit <= 'f':
			digit -= 'a' - 10
		case 'A' <= digit && digit <= 'F':
			digit -= 'A' - 10
		default:
			return 0, errChunk
		}
		if size >= 1<<58 {
			return 0, errChunk
		}
		size = size<<4 | int64(digit)
	}
	return size, nil
}

// unexpected is the error of an answer that is cut.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
