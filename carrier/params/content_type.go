package params

import (
	"mime"
	"strings"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// charsets are those that write ASCII in the same way. Their other characters differ,
// but are never part of a number.
var charsets = map[string]bool{
	"": true, "utf-8": true, "utf8": true, "us-ascii": true, "iso-8859-1": true, "windows-1252": true,
}

// ContentType splits a Content-Type header into media type and parameters. It
// returns ErrContentType for one that does not parse or that names a charset in
// which ASCII is not ASCII.
func ContentType(header string) (media string, parameters map[string]string, err error) {
	switch header {
	case "", formType, jsonType: // what nearly every client sends
		return header, nil, nil
	}
	media, parameters, err = mime.ParseMediaType(header)
	if err != nil {
		return "", nil, unsupported("the header Content-Type cannot be read (%.100s)", err)
	}
	// "charset*" and "boundary*" (RFC 2231) take precedence over their plain forms for
	// some readers, and others ignore them.
	if strings.Contains(header, "*") {
		return media, parameters, unsupported(`the header Content-Type has a parameter with "*"; send it without`)
	}
	if charset := parameters["charset"]; !charsets[strings.ToLower(charset)] {
		return media, parameters, unsupported("the charset %.40q is not supported; send UTF-8", charset)
	}
	return media, parameters, nil
}
