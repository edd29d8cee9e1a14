package params

import (
	"fmt"
	"mime"
	"strings"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// charsets that write ASCII alike. What else they write differs, but in none of
// them can it be read as a number.
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
		return "", nil, fmt.Errorf("%w: %v", ErrContentType, err)
	}
	// "charset*" and "boundary*" (RFC 2231) come before their plain forms to
	// some readers and are nothing to others.
	if strings.Contains(header, "*") {
		return media, parameters, fmt.Errorf("%w: extended parameter", ErrContentType)
	}
	if charset := parameters["charset"]; !charsets[strings.ToLower(charset)] {
		return media, parameters, fmt.Errorf("%w: charset %q", ErrContentType, charset)
	}
	return media, parameters, nil
}
