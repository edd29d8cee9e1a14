package params

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/address"
)

// Errors of reading a body.
var (
	// ErrUndecodable is a body that does not decode as what it claims to be.
	ErrUndecodable = errors.New("body cannot be decoded")
	// ErrContentType is a type or charset that the operation does not take.
	ErrContentType = errors.New("content type is not taken here")
	// ErrTooMany is a request with more parameters or destinations than any
	// honest one has.
	ErrTooMany = errors.New("more parameters or destinations than the operation takes")
	// ErrMethodOverride is a parameter that some servers take for the method.
	ErrMethodOverride = errors.New("a parameter overrides the method")
)

// MethodParameter is what some servers take for the method of a request.
const MethodParameter = "_method"

// Parameter is one name and value of a request.
type Parameter struct {
	Name, Value string
	// Parent is the name of the object that holds a member of a JSON document,
	// or empty.
	Parent string
	// Doubtful parameters are seen by some readers and not by others.
	Doubtful bool
}

// Wanted tells which parameters a reader is to keep. The name comes in the
// form CanonicalName gives it, and if it is not wanted so, with what stands in
// brackets behind it.
type Wanted func(name string) bool

// Form appends the wanted parameters of a form or a query to found, every one
// as often as it stands there. Pairs end at "&", and, for whoever believes so,
// also at ";": both ways of reading count.
//
// A name that does not decode is ErrUndecodable, since any parameter could
// hide in it; so is a wanted value. Other values are not looked at.
func Form(text string, want Wanted, found []Parameter) ([]Parameter, error) {
	r := newReading(want)
	return r.Form(text, found)
}

// Form is the function of that name, as part of a reading.
func (r *Reading) Form(text string, found []Parameter) ([]Parameter, error) {
	if text == "" {
		return found, nil
	}
	err := r.Effort.SpendOnText(len(text))
	for text != "" && err == nil {
		var pair string
		pair, text, _ = strings.Cut(text, "&")
		if found, err = r.pair(pair, found); err != nil || strings.IndexByte(pair, ';') < 0 {
			continue
		}
		whole := len(found)
		for more := true; more && err == nil; {
			var part string
			part, pair, more = strings.Cut(pair, ";")
			// Only a part that decodes can be a pair of its own.
			if found, err = r.pair(part, found); err != nil && !errors.Is(err, ErrTooMany) {
				err = nil
			}
		}
		for i := range found[whole:] {
			found[whole+i].Doubtful = true
		}
	}
	return found, err
}

// pair reads one pair of a form.
func (r *Reading) pair(pair string, found []Parameter) ([]Parameter, error) {
	if err := r.Effort.Spend(perPair); err != nil {
		return found, err
	}
	if strings.IndexByte(pair, '%') >= 0 {
		if err := r.Effort.spendOnDecoding(len(pair)); err != nil {
			return found, err
		}
	}
	written, value, _ := strings.Cut(pair, "=")
	written, err := unescape(written)
	if err != nil {
		return found, err
	}
	name := CanonicalName(written)
	if hidesName(name) {
		return found, ErrUndecodable
	}
	if r.Numbers && name != "" {
		if BeginsJSON(name) {
			return found, fmt.Errorf("%w: JSON for a form", ErrUndecodable)
		}
		if address.LooksLikeNumber(written) {
			if found, err = r.add(Parameter{Value: written, Doubtful: true}, found); err != nil {
				return found, err
			}
		}
	}
	if name = wantedName(name, written, r.Wanted); name == "" && !r.Numbers {
		return found, nil
	}
	if value, err = unescape(value); err != nil {
		return found, err
	}
	if name == "" && !address.LooksLikeNumber(value) && !BeginsJSON(value) {
		return found, nil
	}
	return r.add(Parameter{Name: name, Value: value, Doubtful: name != written || strings.IndexByte(written, '[') >= 0}, found)
}

// wantedName is the name under which a parameter is wanted: with what stands in
// brackets behind it, as in "MessagingBinding[Address]", or without it, or, where it is
// the member of a parameter ("Attributes.outbound_to"), that of the parameter. It is
// empty if none is.
func wantedName(name, written string, want Wanted) string {
	if strings.IndexByte(written, '[') > 0 {
		if whole := strings.TrimSpace(written); want(whole) {
			return whole
		}
	}
	if want(name) {
		return name
	}
	if owner, _, isMember := strings.Cut(name, "."); isMember && want(owner) {
		return owner
	}
	return ""
}

// hidesName tells whether a name holds what some readers drop: control
// characters, which a form in UTF-16 is full of, or a byte order mark.
func hidesName(name string) bool {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c < ' ' || c == 0x7f || c >= 0x80 {
			return strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\ufeff' || c == utf8.RuneError })
		}
	}
	return false
}

// CanonicalName strips from a parameter's name what lenient readers strip:
// spaces around it and an index behind it ("To[]", "To[0]"). Letter case stays;
// compare with strings.EqualFold.
func CanonicalName(name string) string {
	if i := strings.IndexByte(name, '['); i > 0 {
		name = name[:i]
	}
	return strings.TrimSpace(name)
}

// unescape decodes a name or value of a form, without allocating if there is
// nothing to decode.
func unescape(text string) (string, error) {
	if strings.IndexByte(text, '%') < 0 && strings.IndexByte(text, '+') < 0 {
		return text, nil
	}
	decoded, err := url.QueryUnescape(text)
	if err != nil {
		return "", ErrUndecodable
	}
	return decoded, nil
}

// QueryOverridesMethod tells whether a query holds the MethodParameter, or a
// name that does not decode and could be it.
func QueryOverridesMethod(query string) bool {
	if query == "" {
		return false
	}
	isMethod := func(name string) bool { return strings.EqualFold(name, MethodParameter) }
	found, err := Form(query, isMethod, nil)
	return err != nil || len(found) > 0
}
