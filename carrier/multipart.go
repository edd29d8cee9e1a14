package carrier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// Multipart appends the wanted parameters of a multipart/form-data body to
// found. A body of which two readers could see different parts is
// ErrUndecodable.
func Multipart(body []byte, boundary string, want Wanted, found []Parameter) ([]Parameter, error) {
	if boundary == "" {
		return found, fmt.Errorf("%w: no boundary", ErrUndecodable)
	}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	parts := 0
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return found, fmt.Errorf("%w: %v", ErrUndecodable, err)
		}
		parts++
		name, err := partName(part)
		if err != nil {
			return found, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return found, fmt.Errorf("%w: %v", ErrUndecodable, err)
		}
		if name = CanonicalName(name); want(name) {
			found = append(found, Parameter{name, string(value)})
		}
	}
	// A part in the preamble, in the epilogue or inside another part is seen
	// by readers with another idea of where lines and boundaries end.
	if count := countFold(body, "content-disposition"); count != parts {
		return found, fmt.Errorf("%w: %d parts but %d dispositions", ErrUndecodable, parts, count)
	}
	return found, nil
}

// partName is the one name of a part.
func partName(part *multipart.Part) (string, error) {
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
	default:
		return "", fmt.Errorf("%w: part is encoded", ErrUndecodable)
	}
	if err := checkCharset(part.Header.Get("Content-Type")); err != nil {
		return "", err
	}
	dispositions := part.Header["Content-Disposition"]
	if len(dispositions) != 1 {
		return "", fmt.Errorf("%w: part with %d dispositions", ErrUndecodable, len(dispositions))
	}
	kind, parameters, err := mime.ParseMediaType(dispositions[0])
	if err != nil {
		return "", fmt.Errorf("%w: disposition: %v", ErrUndecodable, err)
	}
	// "name*" (RFC 5987) is decoded by some readers and not by others.
	if kind != "form-data" || strings.Contains(strings.ToLower(dispositions[0]), "name*") {
		return "", fmt.Errorf("%w: disposition %q", ErrUndecodable, kind)
	}
	return parameters["name"], nil
}

// countFold counts a word in lower case, whatever its letter case in the text.
func countFold(text []byte, word string) int {
	return bytes.Count(bytes.ToLower(text), []byte(word))
}

// ContentType splits a Content-Type header into media type and parameters. It
// returns ErrContentType for one that does not parse or has a charset other
// than UTF-8 or a part of it.
func ContentType(header string) (media string, parameters map[string]string, err error) {
	switch header {
	case "", formType, jsonType: // what nearly every client sends
		return header, nil, nil
	}
	media, parameters, err = mime.ParseMediaType(header)
	if err != nil {
		return "", nil, fmt.Errorf("%w: %v", ErrContentType, err)
	}
	return media, parameters, checkCharset(header)
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func checkCharset(contentType string) error {
	if contentType == "" {
		return nil
	}
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrContentType, err)
	}
	switch strings.ToLower(parameters["charset"]) {
	case "", "utf-8", "utf8", "us-ascii":
		return nil
	}
	return fmt.Errorf("%w: charset %q", ErrContentType, parameters["charset"])
}
