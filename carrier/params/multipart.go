package params

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"regexp"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
)

// Multipart appends the wanted parameters of a multipart/form-data body to found. A body
// in which two readers could see different parts is ErrUndecodable.
func Multipart(body []byte, boundary string, want Wanted, found []Parameter) ([]Parameter, error) {
	r := newReading(want)
	return r.Multipart(body, boundary, found)
}

// Multipart does the same as the function Multipart, as part of a reading.
func (r *Reading) Multipart(body []byte, boundary string, found []Parameter) ([]Parameter, error) {
	if boundary == "" {
		return found, undecodable("the header Content-Type names no boundary")
	}
	expected, err := r.checkParts(body, boundary)
	if err != nil {
		return found, err
	}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	parts := 0
	for ; ; parts++ {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return found, undecodable("the multipart body cannot be read (%.100s)", err)
		}
		name, err := partName(part)
		if err != nil {
			return found, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return found, undecodable("the multipart body cannot be read (%.100s)", err)
		}
		if found, err = r.part(name, string(value), part.FileName() != "", found); err != nil {
			return found, err
		}
	}
	if parts != expected {
		return found, undecodable("the multipart body has %d parts but %d boundaries", parts, expected+1)
	}
	return found, nil
}

// part adds a part if it is wanted. Some readers treat a part with a file name as a
// file.
func (r *Reading) part(written, value string, isFile bool, found []Parameter) ([]Parameter, error) {
	var err error
	if r.Numbers && address.LooksLikeNumber(written) {
		if found, err = r.add(Parameter{Value: written, Uncertain: true}, found); err != nil {
			return found, err
		}
	}
	name := wantedName(CanonicalName(written), written, r.Wanted)
	if name == "" && (!r.Numbers || !address.LooksLikeNumber(value) && !BeginsJSON(value)) {
		return found, nil
	}
	return r.add(Parameter{Name: name, Value: value, Uncertain: isFile}, found)
}

// checkParts makes sure that every reader sees the same parts, however it ends lines,
// headers and parts, and returns their number: boundaries and dispositions occur only at
// the beginning of a part, and all readers agree on the first empty line of a part.
func (r *Reading) checkParts(body []byte, boundary string) (int, error) {
	if err := r.Effort.SpendOnText(4 * len(body)); err != nil {
		return 0, err
	}
	delimiter := []byte("--" + boundary)
	parts := bytes.Count(body, delimiter) - 1
	if err := r.Effort.Spend(perPart * max(parts, 0)); err != nil {
		return 0, err
	}
	if count := countFold(body, "content-disposition"); count != parts {
		return 0, undecodable("the multipart body has %d parts but %d times Content-Disposition; send one in each part", parts, count)
	}
	_, rest, _ := bytes.Cut(body, delimiter) // a preamble
	for range parts {
		var section []byte
		section, rest, _ = bytes.Cut(rest, delimiter)
		header, _, found := bytes.Cut(section, []byte("\r\n\r\n"))
		lines := bytes.Count(header, []byte("\r\n"))
		if !found || !bytes.HasPrefix(header, []byte("\r\n")) ||
			bytes.Count(header, []byte("\r")) != lines || bytes.Count(header, []byte("\n")) != lines {
			return 0, undecodable("the header of a part does not end its lines with CRLF")
		}
		if err := r.Effort.Spend(perHeader*lines + len(header)); err != nil {
			return 0, err
		}
	}
	return parts, nil
}

// partName is the one name of a part.
func partName(part *multipart.Part) (string, error) {
	for name, values := range part.Header {
		if len(values) != 1 {
			return "", undecodable("a part has the header %.100s %d times; send it once", name, len(values))
		}
	}
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
	default:
		return "", undecodable("a part has a Content-Transfer-Encoding; send it without")
	}
	if _, _, err := ContentType(part.Header.Get("Content-Type")); err != nil {
		return "", err
	}
	disposition := part.Header.Get("Content-Disposition")
	kind, parameters, err := mime.ParseMediaType(disposition)
	if err != nil {
		return "", undecodable("the Content-Disposition of a part cannot be read (%.100s)", err)
	}
	// Some readers decode these and others do not: "name*" (RFC 5987), encoded words
	// (RFC 2047) and backslashes.
	isOpen := extendedName.MatchString(disposition) ||
		strings.Contains(disposition, "=?") || strings.Contains(disposition, `\`)
	if kind != "form-data" || isOpen {
		return "", undecodable("the Content-Disposition of a part can be read in several ways; send form-data with a plain name")
	}
	return parameters["name"], nil
}

// extendedName finds a parameter "name*" in a disposition.
var extendedName = regexp.MustCompile(`(?i)[;\s]name\*`)

// countFold counts a word in lower case, whatever its letter case in the text.
func countFold(text []byte, word string) int {
	return bytes.Count(bytes.ToLower(text), []byte(word))
}
