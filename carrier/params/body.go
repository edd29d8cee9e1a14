package params

import (
	"fmt"
	"strings"
	"unsafe"
)

// Accepts is the set of body types that an operation accepts.
type Accepts uint8

// The types of bodies, one bit each.
const (
	AcceptForm Accepts = 1 << iota
	AcceptMultipart
	AcceptJSON
	// AcceptOtherJSON accepts JSON under its other names, and JSON lines.
	AcceptOtherJSON
	// AcceptOther accepts every other type, and does not read those that cannot be
	// searched.
	AcceptOther
)

// Body appends the wanted parameters of a body to found, in whichever of the
// accepted types it is. A body without a type is a form.
func Body(contentType string, body []byte, accepts Accepts, want Wanted, found []Parameter) ([]Parameter, error) {
	r := newReading(want)
	return r.Body(contentType, body, accepts, found)
}

// Body does the same as the function Body, as part of a reading.
func (r *Reading) Body(contentType string, body []byte, accepts Accepts, found []Parameter) ([]Parameter, error) {
	if len(body) == 0 {
		return found, nil
	}
	media, parameters, err := ContentType(contentType)
	if err != nil {
		return found, err
	}
	switch {
	case (media == "" || media == formType) && accepts&AcceptForm != 0:
		// The body is never changed, so the text can share its memory.
		return r.Form(unsafe.String(unsafe.SliceData(body), len(body)), found)
	case media == "multipart/form-data" && accepts&AcceptMultipart != 0:
		return r.Multipart(body, parameters["boundary"], found)
	case isJSON(media) && accepts&AcceptJSON != 0, isOtherJSON(media) && accepts&(AcceptOtherJSON|AcceptOther) != 0:
		return r.JSON(body, found)
	case isJSONLines(media) && accepts&(AcceptOtherJSON|AcceptOther) != 0:
		return r.JSONLines(body, found)
	case accepts&AcceptOther != 0:
		return found, nil
	}
	return found, accepts.unsupported(media)
}

// unsupported is the fault of a body of another type.
func (a Accepts) unsupported(media string) *Fault {
	var types []string
	if a&(AcceptForm|AcceptMultipart) != 0 {
		types = append(types, formType)
	}
	if a&AcceptJSON != 0 {
		types = append(types, jsonType)
	}
	send := strings.Join(types, " or ")
	if media == "" {
		return &Fault{Kind: ErrType, Text: "the header Content-Type is missing; send " + send}
	}
	return &Fault{Kind: ErrType, Text: fmt.Sprintf("the content type %.100q is not supported here; send %s", media, send)}
}

func isJSON(media string) bool {
	return media == jsonType || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// isOtherJSON reports whether a type is JSON by another name: one that was never
// registered, or a kind of JSON beyond those of applications (RFC 6839, section 3.1).
func isOtherJSON(media string) bool {
	switch media {
	case "text/json", "application/x-json", "text/x-json":
		return true
	}
	return strings.HasSuffix(media, "+json")
}

// isJSONLines reports whether a type is a name in use for one JSON document a line
// (https://jsonlines.org, https://github.com/ndjson/ndjson-spec).
func isJSONLines(media string) bool {
	switch media {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
		"application/jsonlines", "application/x-jsonl", "text/x-ndjson", "text/jsonl":
		return true
	}
	return false
}

// Searchable reports whether Body reads a body of this type.
func Searchable(contentType string) bool {
	media, _, err := ContentType(contentType)
	return err != nil || media == "" || media == formType || media == "multipart/form-data" ||
		isJSON(media) || isOtherJSON(media) || isJSONLines(media)
}
