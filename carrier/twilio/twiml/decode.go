package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// Limits of a document. Twilio accepts 64 KiB from a URL
// (https://www.twilio.com/docs/api/errors/11750) and 4,000 characters in a parameter
// (https://www.twilio.com/docs/voice/api/call-resource#twiml).
const (
	maxDocument = 64 << 10
	maxDepth    = 64
	// maxSends is how many destinations a document may name.
	maxSends = 1000
)

// declaration matches an XML declaration as in the standard. Go's parser overlooks an
// encoding with a blank before its equals sign.
var declaration = regexp.MustCompile(`^<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')` +
	`(?:\s+encoding\s*=\s*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?` +
	`(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>$`)

// encodings are those that write ASCII in the same way, and whether they are UTF-8: a
// document in another one may hold only ASCII.
var encodings = map[string]bool{"": true, "utf-8": true, "utf8": true, "us-ascii": false, "iso-8859-1": false, "windows-1252": false}

// tokens reads the tokens of a document. It fails if another reader of XML could see
// another document than Go's does.
type tokens struct {
	document []byte
	decoder  *xml.Decoder
	// span of the last token.
	span Span
}

func newTokens(document []byte) (*tokens, error) {
	if len(document) > maxDocument {
		return nil, fmt.Errorf("%w: TwiML of %d bytes", params.ErrTooMany, len(document))
	}
	if !utf8.Valid(document) {
		return nil, undecodable("it is not UTF-8")
	}
	for i, c := range document {
		isControl := c < ' ' && c != '\t' && c != '\n' && c != '\r'
		// U+FFFE, which is a reversed byte order mark, and U+FFFF.
		if isControl || c == 0xef && (bytes.HasPrefix(document[i:], []byte("\uFFFE")) || bytes.HasPrefix(document[i:], []byte("\uFFFF"))) {
			return nil, undecodable("a character that XML does not allow; leave it out").At(string(document), i)
		}
	}
	t := &tokens{document: document, decoder: xml.NewDecoder(bytes.NewReader(document))}
	// checkDeclaration checks the encoding.
	t.decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return t, nil
}

// next returns the next token, or io.EOF at the end of the document.
func (t *tokens) next() (xml.Token, error) {
	t.span.Start = int(t.decoder.InputOffset())
	token, err := t.decoder.Token()
	t.span.End = int(t.decoder.InputOffset())
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, t.fault(err)
	}
	written := t.document[t.span.Start:t.span.End]
	switch token := token.(type) {
	case xml.Directive:
		return nil, t.here(undecodable("a document type is not supported; leave it out"))
	case xml.ProcInst:
		if strings.EqualFold(token.Target, "xml") {
			return token, t.checkDeclaration(written)
		}
		if bytes.IndexByte(token.Inst, '>') >= 0 {
			return nil, t.here(undecodable("the processing instruction ends twice; leave it out"))
		}
	case xml.Comment:
		if bytes.HasPrefix(token, []byte(">")) || bytes.HasPrefix(token, []byte("->")) {
			return nil, t.here(undecodable("the comment ends twice; leave it out"))
		}
	case xml.CharData:
		if !isCDATA(written) && refersToSurrogate(written) {
			return nil, t.here(undecodable("a reference to half a character; write the character itself"))
		}
	case xml.StartElement:
		if refersToSurrogate(written) {
			return nil, t.here(undecodable("a reference to half a character; write the character itself"))
		}
		isStrange := strings.Contains(token.Name.Local, ":")
		for _, a := range token.Attr {
			isStrange = isStrange || strings.Contains(a.Name.Local, ":")
		}
		if isStrange {
			return nil, t.here(undecodable("a name ends in a colon; leave it out"))
		}
	}
	return token, nil
}

// checkDeclaration checks the XML declaration: it must come first and name an encoding
// that does not change the meaning of the document.
func (t *tokens) checkDeclaration(written []byte) error {
	before := bytes.TrimPrefix(t.document[:t.span.Start], []byte("\uFEFF"))
	match := declaration.FindSubmatch(written)
	if len(bytes.TrimSpace(before)) > 0 || match == nil {
		return t.here(undecodable(`the XML declaration is unusual; begin with <?xml version="1.0" encoding="UTF-8"?>`))
	}
	encoding := strings.ToLower(string(match[1]) + string(match[2]))
	isUTF8, known := encodings[encoding]
	if !known {
		return t.here(undecodable("the encoding %.40q is not supported; send UTF-8", encoding))
	}
	if !isUTF8 {
		for _, c := range bytes.TrimPrefix(t.document, []byte("\uFEFF")) {
			if c >= utf8.RuneSelf {
				return t.here(undecodable("the document is not ASCII, and the encoding %.40q is not supported; send UTF-8", encoding))
			}
		}
	}
	return nil
}

// values are the spans of the values of a start tag's attributes, without their quotes.
// The tag is well-formed: a quote inside a value is of the other kind.
func (t *tokens) values() []Span {
	var values []Span
	for i := t.span.Start; i < t.span.End; i++ {
		if quote := t.document[i]; quote == '"' || quote == '\'' {
			length := bytes.IndexByte(t.document[i+1:t.span.End], quote)
			values = append(values, Span{i + 1, i + 1 + length})
			i += 1 + length
		}
	}
	return values
}

func isCDATA(written []byte) bool { return bytes.HasPrefix(written, []byte("<![")) }

// refersToSurrogate reports whether a text has a reference to a UTF-16 surrogate. Go
// turns it into U+FFFD, and other readers keep it.
func refersToSurrogate(written []byte) bool {
	for {
		_, rest, found := bytes.Cut(written, []byte("&#"))
		if !found {
			return false
		}
		digits, _, _ := bytes.Cut(rest, []byte(";"))
		base := 10
		if bytes.HasPrefix(digits, []byte("x")) {
			digits, base = digits[1:], 16
		}
		if code, err := strconv.ParseUint(string(digits), base, 32); err == nil && 0xd800 <= code && code < 0xe000 {
			return true
		}
		written = rest
	}
}

// ErrParse is a document that does not parse. It wraps params.ErrUndecodable.
var ErrParse = fmt.Errorf("%w: TwiML", params.ErrUndecodable)

func undecodable(format string, arguments ...any) *params.Fault {
	return &params.Fault{Kind: ErrParse, Text: fmt.Sprintf(format, arguments...)}
}

// fault says where and why the document is not well-formed. The decoder stops behind the
// mistake: at a reference to nothing, such as a bare "&", it is before that.
func (t *tokens) fault(err error) error {
	at, text, advice := t.span.End, err.Error(), ""
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		text = syntax.Msg
	}
	if strings.HasPrefix(text, "invalid character entity") {
		at = max(bytes.LastIndexByte(t.document[:at], '&'), 0)
		advice = `; write "&" as "&amp;"`
		if strings.HasSuffix(text, ";") { // it is one of HTML
			text, advice = strings.TrimSuffix(text, ";"), `; write the character itself, or "&" as "&amp;"`
		}
	}
	return undecodable("%.200s%s", text, advice).At(string(t.document), at)
}

// here adds the position of the last token to a fault.
func (t *tokens) here(fault *params.Fault) error { return fault.At(string(t.document), t.span.Start) }
