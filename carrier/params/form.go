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
	// ErrUndecodable is a body that does not decode as its type.
	ErrUndecodable = errors.New("body cannot be decoded")
	// ErrContentType is a type or charset that the operation does not accept.
	ErrContentType = errors.New("content type is not supported")
	// ErrType is an ErrContentType whose type can be read, and is another one.
	ErrType = fmt.Errorf("%w: another type", ErrContentType)
	// ErrTooMany is a request with more parameters or destinations than any legitimate
	// one has.
	ErrTooMany = errors.New("too many parameters or destinations")
	// ErrMethodOverride is a parameter that some servers use as the method.
	ErrMethodOverride = errors.New("a parameter overrides the method")
)

// MethodParameter is a parameter that some servers use as the request's method.
const MethodParameter = "_method"

// Parameter is one name and value of a request.
type Parameter struct {
	Name, Value string
	// Parent is the name of the object that holds a member of a JSON document,
	// or empty.
	Parent string
	// Uncertain says that only some readers see the parameter.
	Uncertain bool
}

// Wanted reports which parameters a reader must keep. The name is in the form of
// CanonicalName and, if that is not wanted, with the text in brackets after it.
type Wanted func(name string) bool

// Form appends the wanted parameters of a form or a query to found, each as often as it
// occurs. Pairs end at "&" and for some readers also at ";": both readings count.
//
// A name that does not decode is ErrUndecodable, since any parameter could hide in it; so
// is a wanted value. Other values do not matter.
func Form(text string, want Wanted, found []Parameter) ([]Parameter, error) {
	r := newReading(want)
	return r.Form(text, found)
}

// Form does the same as the function Form, as part of a reading.
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
			found[whole+i].Uncertain = true
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
	written, err := r.unescape(written)
	if err != nil {
		return found, err
	}
	name := CanonicalName(written)
	if hidesName(name) {
		return found, undecodable("the name of a parameter has control characters, as a form in UTF-16 has; send UTF-8")
	}
	if r.Numbers && name != "" {
		if BeginsJSON(name) {
			return found, undecodable("the form is JSON; send it with the content type %s", jsonType)
		}
		if address.LooksLikeNumber(written) {
			if found, err = r.add(Parameter{Value: written, Uncertain: true}, found); err != nil {
				return found, err
			}
		}
	}
	if name = wantedName(name, written, r.Wanted); name == "" && !r.Numbers {
		return found, nil
	}
	if value, err = r.unescape(value); err != nil {
		return found, In(name, err)
	}
	if name == "" && !address.LooksLikeNumber(value) && !BeginsJSON(value) {
		return found, nil
	}
	return r.add(Parameter{Name: name, Value: value, Uncertain: name != written || strings.IndexByte(written, '[') >= 0}, found)
}

// wantedName returns the name under which a parameter is wanted: with the text in
// brackets after it, as in "MessagingBinding[Address]"; without it; or, for a member of a
// parameter ("Attributes.outbound_to"), the parameter's name. It is empty if none is
// wanted.
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

// hidesName reports whether a name holds characters that some readers drop: control
// characters, which a form in UTF-16 is full of, or a byte order mark.
func hidesName(name string) bool {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c < ' ' || c == 0x7f || c >= 0x80 {
			return strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\ufeff' || c == utf8.RuneError })
		}
	}
	return false
}

// CanonicalName strips from a parameter's name what lenient readers strip: spaces around
// it and an index after it ("To[]", "To[0]"). Letter case stays; compare with
// strings.EqualFold.
func CanonicalName(name string) string {
	if i := strings.IndexByte(name, '['); i > 0 {
		name = name[:i]
	}
	return strings.TrimSpace(name)
}

// leastTexts is how much room is made at first for decoded texts, in bytes: two numbers
// and some names.
const leastTexts = 64

// unescape decodes a name or value of a form, without allocating if there is nothing to
// decode.
func (r *Reading) unescape(text string) (string, error) {
	if strings.IndexByte(text, '%') < 0 && strings.IndexByte(text, '+') < 0 {
		return text, nil
	}
	if r.texts.Cap() == 0 {
		r.texts.Grow(max(len(text), leastTexts))
	}
	start := r.texts.Len()
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			if i+2 >= len(text) || !isHex(text[i+1]) || !isHex(text[i+2]) {
				_, err := url.QueryUnescape(text)
				return "", undecodable(`%.60s: write "%%" as "%%25"`, err)
			}
			c = fromHex(text[i+1])<<4 | fromHex(text[i+2])
			i += 2
		}
		r.texts.WriteByte(c)
	}
	return r.texts.String()[start:], nil
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// fromHex is the value of a hexadecimal digit.
func fromHex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// QueryOverridesMethod reports whether a query holds the MethodParameter, or a name
// that does not decode and could be it.
func QueryOverridesMethod(query string) bool {
	if query == "" {
		return false
	}
	isMethod := func(name string) bool { return strings.EqualFold(name, MethodParameter) }
	found, err := Form(query, isMethod, nil)
	return err != nil || len(found) > 0
}
