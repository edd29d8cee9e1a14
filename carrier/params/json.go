package params

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/caddy-tollgate/tollgate/address"
)

// Limits of a JSON document: how deep it may nest, and how many layers of documents its
// texts may hold.
const (
	maxJSONDepth  = 64
	maxJSONLayers = 4
)

// JSON appends the wanted members of a JSON document to found: strings and numbers under
// a wanted name at any depth, single or in arrays, each as often as it occurs. Anything
// except one valid document is ErrUndecodable.
func JSON(document []byte, want Wanted, found []Parameter) ([]Parameter, error) {
	r := newReading(want)
	return r.JSON(document, found)
}

// JSON does the same as the function JSON, as part of a reading.
//
// A text that holds an object or a list is read as that object or list: some clients
// encode a document once or twice more, and the server may decode it. Members found in a
// text beside other members are uncertain. A text that only looks like JSON is a text,
// and so is free text.
func (r *Reading) JSON(document []byte, found []Parameter) ([]Parameter, error) {
	// The body is never changed, so the text can share its memory.
	return r.document(unsafe.String(unsafe.SliceData(document), len(document)), false, found)
}

// Document is JSON for a text that must be an object or a list of objects, encoded once
// or several times. Anything else, except null, is ErrUndecodable.
func (r *Reading) Document(text string, found []Parameter) ([]Parameter, error) {
	return r.document(text, true, found)
}

// JSONLines reads one JSON document a line. Blank lines do not count.
func (r *Reading) JSONLines(body []byte, found []Parameter) ([]Parameter, error) {
	text := unsafe.String(unsafe.SliceData(body), len(body))
	var err error
	for number := 0; text != "" && err == nil; number++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if err = r.Effort.Spend(perPair); err == nil && strings.TrimSpace(line) != "" {
			found, err = r.document(line, false, found)
		}
		if fault := (*Fault)(nil); errors.As(err, &fault) && fault.Line > 0 {
			fault.Line += number
		}
	}
	return found, err
}

func (r *Reading) document(text string, isShaped bool, found []Parameter) ([]Parameter, error) {
	if err := r.Effort.SpendOnText(len(text)); err != nil {
		return found, err
	}
	if err := checkCharacters(text); err != nil {
		return found, err
	}
	reader := jsonReader{
		scanner: scanner{text: text}, effort: r.Effort,
		wanted: r.Wanted, freeText: r.FreeText, numbers: r.Numbers,
	}
	members, err := reader.whole(place{isShaped: isShaped}, nil)
	r.Effort = reader.effort
	found = append(found, members...)
	if err != nil && !errors.Is(err, ErrTooMany) {
		err = undecodable("the JSON is malformed: %v", err).At(text, reader.at)
	}
	return found, err
}

// checkCharacters finds what not every reader of JSON accepts or reads alike.
func checkCharacters(text string) error {
	switch {
	case strings.HasPrefix(text, "\ufeff"):
		return undecodable("the JSON begins with a byte order mark; send it without")
	case strings.IndexByte(text, 0) >= 0:
		return undecodable("the JSON has a null character, as text in UTF-16 has; send UTF-8")
	case !utf8.ValidString(text):
		return undecodable("the JSON is not UTF-8")
	}
	return nil
}

// jsonReader reads one JSON text, which may be inside another.
type jsonReader struct {
	scanner
	// effort is what is left of the request's effort. It is passed by value, and so are
	// the members found: a pointer in nested readers would make every request allocate.
	effort           Effort
	wanted, freeText Wanted
	numbers          bool
	depth            int
	// layer is how many texts it is inside of.
	layer int
	// holds says that some text held an object or a list.
	holds bool
}

// place is the place of a value.
type place struct {
	// name of the member, and parent that of the object that holds it. Elements of a
	// list have the place of the list.
	name, parent string
	isWanted     bool
	isFreeText   bool
	// isShaped says that only an object, or a list of them, is expected.
	isShaped bool
}

var (
	errMoreThanOne = errors.New("it is more than one document")
	errTooDeep     = errors.New("it is nested too deep")
	errShape       = errors.New("it is neither an object nor a list of objects")
)

// whole reads the text, which is one value.
func (r *jsonReader) whole(at place, found []Parameter) ([]Parameter, error) {
	found, err := r.value(&at, found)
	if err != nil {
		return found, err
	}
	if r.next(); r.at < len(r.text) {
		return found, errMoreThanOne
	}
	return found, nil
}

func (r *jsonReader) value(at *place, found []Parameter) ([]Parameter, error) {
	if err := r.effort.Spend(perValue); err != nil {
		return found, err
	}
	switch c := r.next(); {
	case c == '{':
		return r.object(at, found)
	case c == '[':
		return r.list(at, found)
	case c == '"':
		return r.string(at, found)
	case c == '-' || isDigit(c):
		number, err := r.number()
		if err == nil && at.isShaped {
			err = errShape
		}
		if err != nil || !at.isWanted {
			return found, err
		}
		if plain := plainNumber(number); plain != number {
			if found, err = r.add(at, plain, found); err != nil {
				return found, err
			}
			found[len(found)-1].Uncertain = true
		}
		return r.add(at, number, found)
	default:
		word, err := r.literal()
		if err == nil && at.isShaped && word != "null" {
			err = errShape
		}
		return found, err
	}
}

// enter and leave count the depth.
func (r *jsonReader) enter() error {
	r.at++
	if r.depth++; r.depth > maxJSONDepth {
		return errTooDeep
	}
	return nil
}

func (r *jsonReader) leave() {
	r.at++
	r.depth--
}

func (r *jsonReader) object(at *place, found []Parameter) ([]Parameter, error) {
	if err := r.enter(); err != nil {
		return found, err
	}
	if r.next() == '}' {
		r.leave()
		return found, nil
	}
	member := place{parent: at.name}
	for {
		key, err := r.key()
		if err != nil {
			return found, err
		}
		member.name = strings.TrimSpace(key)
		member.isWanted = r.wanted(member.name)
		switch r.next() {
		case '"', '{', '[':
			member.isFreeText = at.isFreeText || r.freeText != nil && r.freeText(member.name)
		}
		if r.numbers && address.LooksLikeNumber(key) {
			if found, err = r.add(&member, key, found); err != nil {
				return found, err
			}
		}
		if found, err = r.value(&member, found); err != nil {
			return found, err
		}
		if isLast, err := r.separator('}'); isLast || err != nil {
			return found, err
		}
	}
}

// key reads the name of a member, up to its value.
func (r *jsonReader) key() (string, error) {
	if err := r.effort.Spend(perMember); err != nil {
		return "", err
	}
	if r.next() != '"' {
		return "", r.unexpected()
	}
	key, isEscaped, err := r.scanString()
	if err != nil {
		return "", err
	}
	if isEscaped {
		if err := r.effort.spendOnDecoding(len(key)); err != nil {
			return "", err
		}
		key = unquote(key)
	}
	if r.next() != ':' {
		return "", r.unexpected()
	}
	r.at++
	return key, nil
}

func (r *jsonReader) list(at *place, found []Parameter) ([]Parameter, error) {
	if err := r.enter(); err != nil {
		return found, err
	}
	if r.next() == ']' {
		r.leave()
		return found, nil
	}
	for {
		var err error
		if found, err = r.value(at, found); err != nil {
			return found, err
		}
		if isLast, err := r.separator(']'); isLast || err != nil {
			return found, err
		}
	}
}

// separator skips a comma, or leaves at the closing bracket.
func (r *jsonReader) separator(closing byte) (isLast bool, err error) {
	switch r.next() {
	case ',':
		r.at++
		return false, nil
	case closing:
		r.leave()
		return true, nil
	}
	return false, r.unexpected()
}

// string reads a text, and what it may hold.
func (r *jsonReader) string(at *place, found []Parameter) ([]Parameter, error) {
	text, isEscaped, err := r.scanString()
	if err != nil {
		return found, err
	}
	mayHold := !at.isFreeText && mayHoldJSON(text)
	if !mayHold && !at.isWanted && !at.isShaped && !r.numbers {
		return found, nil
	}
	if isEscaped {
		if err := r.effort.spendOnDecoding(len(text)); err != nil {
			return found, err
		}
		text = unquote(text)
	}
	if r.numbers && address.MayHoldNumber(text) {
		if err := r.effort.Spend(perSought * len(text)); err != nil {
			return found, err
		}
	}
	if mayHold && BeginsJSON(text) {
		holds := false
		if holds, found, err = r.held(text, at, found); holds || err != nil {
			return found, err
		}
	}
	if at.isShaped {
		return found, errShape
	}
	if at.isWanted || r.numbers && address.LooksLikeNumber(text) {
		return r.add(at, text, found)
	}
	return found, nil
}

// held reads the JSON that a text holds, and reports whether it holds an object or a list.
func (r *jsonReader) held(text string, at *place, found []Parameter) (bool, []Parameter, error) {
	if r.layer == maxJSONLayers {
		return false, found, errTooDeep
	}
	if err := r.effort.SpendOnText(len(text)); err != nil {
		return false, found, err
	}
	text = TrimJSON(text)
	inner := *r
	inner.scanner, inner.layer, inner.holds = scanner{text: text}, r.layer+1, false
	before := len(found)
	found, err := inner.whole(*at, found)
	r.effort = inner.effort
	// If the text is the whole document, every reader reads all of it or nothing.
	for i := before; i < len(found) && r.depth > 0; i++ {
		found[i].Uncertain = true
	}
	switch {
	case err == nil:
		r.holds = text[0] != '"' || inner.holds
		return r.holds, found, nil
	case errors.Is(err, ErrTooMany), errors.Is(err, errTooDeep), errors.Is(err, errShape):
		return false, found, err
	}
	// Only part of it can be read. That part counts, beside the text itself.
	return false, found, nil
}

func (r *jsonReader) add(at *place, value string, found []Parameter) ([]Parameter, error) {
	if err := r.effort.Spend(perFound); err != nil {
		return found, err
	}
	return append(found, Parameter{Name: at.name, Parent: at.parent, Value: value}), nil
}

// plainNumber writes a whole number such as 3.7e10 with digits only, as a server that
// converts it to text would. A fraction stays unchanged, unless it is lost at the
// precision of most readers (RFC 8259, section 6).
func plainNumber(written string) string {
	if !strings.ContainsAny(written, ".eE") {
		return written
	}
	value, err := strconv.ParseFloat(written, 64)
	if err != nil || value != math.Trunc(value) || math.Abs(value) >= 1<<63 {
		return written
	}
	return strconv.FormatFloat(value, 'f', 0, 64)
}

// BeginsJSON reports whether a text begins as JSON does that is more than a word or a
// number.
func BeginsJSON(text string) bool {
	text = TrimJSON(text)
	return text != "" && strings.IndexByte(`{["`, text[0]) >= 0
}

// TrimJSON is a text without the white space around it and the byte order mark before
// it, which readers may ignore (RFC 8259, section 8.1). A whole body or parameter that
// begins with the mark is refused.
func TrimJSON(text string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "\ufeff"))
}
