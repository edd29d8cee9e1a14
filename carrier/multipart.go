package carrier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"regexp"
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
		if name = wantedName(CanonicalName(name), name, want); name != "" {
			if len(found) == maxFound {
				return found, ErrTooMany
			}
			// A part with a file name is a file to some readers.
			found = append(found, Parameter{Name: name, Value: string(value), Doubtful: part.FileName() != ""})
		}
	}
	return found, checkParts(body, boundary, parts)
}

// checkParts makes sure that the body has this many parts to every reader,
// whatever its idea of where lines, headers and parts end: no boundary and no
// disposition stand anywhere but where a part begins, and the first empty line
// of a part is the first to all.
func checkParts(body []byte, boundary string, parts int) error {
	if count := countFold(body, "content-disposition"); count != parts {
		return fmt.Errorf("%w: %d parts but %d dispositions", ErrUndecodable, parts, count)
	}
	sections := bytes.Split(body, []byte("--"+boundary))
	if len(sections) != parts+2 { // preamble and epilogue
		return fmt.Errorf("%w: %d parts but %d boundaries", ErrUndecodable, parts, len(sections)-1)
	}
	for _, section := range sections[1 : parts+1] {
		header, _, found := bytes.Cut(section, []byte("\r\n\r\n"))
		lines := bytes.Count(header, []byte("\r\n"))
		if !found || !bytes.HasPrefix(header, []byte("\r\n")) ||
			bytes.Count(header, []byte("\r")) != lines || bytes.Count(header, []byte("\n")) != lines {
			return fmt.Errorf("%w: line ends in the header of a part", ErrUndecodable)
		}
	}
	return nil
}

// partName is the one name of a part.
func partName(part *multipart.Part) (string, error) {
	for name, values := range part.Header {
		if len(values) != 1 {
			return "", fmt.Errorf("%w: part with %d of %s", ErrUndecodable, len(values), name)
		}
	}
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
	default:
		return "", fmt.Errorf("%w: part is encoded", ErrUndecodable)
	}
	if _, _, err := ContentType(part.Header.Get("Content-Type")); err != nil {
		return "", err
	}
	disposition := part.Header.Get("Content-Disposition")
	kind, parameters, err := mime.ParseMediaType(disposition)
	if err != nil {
		return "", fmt.Errorf("%w: disposition: %v", ErrUndecodable, err)
	}
	// What some readers decode and others do not: "name*" (RFC 5987), encoded
	// words (RFC 2047) and backslashes.
	isOpen := extendedName.MatchString(disposition) ||
		strings.Contains(disposition, "=?") || strings.Contains(disposition, `\`)
	if kind != "form-data" || isOpen {
		return "", fmt.Errorf("%w: disposition %q", ErrUndecodable, kind)
	}
	return parameters["name"], nil
}

// extendedName finds a parameter "name*" in a disposition.
var extendedName = regexp.MustCompile(`(?i)[;\s]name\*`)

// countFold counts a word in lower case, whatever its letter case in the text.
func countFold(text []byte, word string) int {
	return bytes.Count(bytes.ToLower(text), []byte(word))
}
