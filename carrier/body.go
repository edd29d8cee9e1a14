package carrier

import (
	"fmt"
	"strings"
	"unsafe"
)

// Accepts is the set of body types that an operation takes.
type Accepts uint8

// The types of bodies, one bit each.
const (
	AcceptForm Accepts = 1 << iota
	AcceptMultipart
	AcceptJSON
	// AcceptOther takes any further type without looking into it.
	AcceptOther
)

// Body appends the wanted parameters of a body to found, in whichever of the
// accepted types it is. A body without a type is a form.
func Body(contentType string, body []byte, accepts Accepts, want Wanted, found []Parameter) ([]Parameter, error) {
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
		return Form(unsafe.String(unsafe.SliceData(body), len(body)), want, found)
	case media == "multipart/form-data" && accepts&AcceptMultipart != 0:
		return Multipart(body, parameters["boundary"], want, found)
	case isJSON(media) && accepts&AcceptJSON != 0:
		return JSON(body, want, found)
	case accepts&AcceptOther != 0:
		return found, nil
	}
	return found, fmt.Errorf("%w: %s", ErrContentType, media)
}

func isJSON(media string) bool {
	return media == jsonType || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// Searchable tells whether Body would look into a body of this type.
func Searchable(contentType string) bool {
	media, _, err := ContentType(contentType)
	return err != nil || media == "" || media == formType || media == "multipart/form-data" || isJSON(media)
}
