package address

import "strings"

// dialledDigits is one way to get digits out of a text.
type dialledDigits struct {
	text string
	plus bool
}

// separators may stand anywhere among the digits of a number.
const separators = " \t\r\n-.()[]/_~'"

// isSeparator says of each byte whether it is one of separators.
var isSeparator = bytesOf(separators)

// extensionMarks end the number: what follows is dialled once someone has
// answered, or is a parameter.
const extensionMarks = ";,#*"

// extensions are the words for one, the longest first.
var extensions = []string{"extension", "extn", "ext", "x"}

// keypad has the digit of each letter on a telephone keypad, from a to z
// (ITU-T E.161).
const keypad = "22233344455566677778889999"

// dialled returns the ways to get digits out of a text, the likely one first:
// without what looks like an extension; with it, for a reader that just drops all
// that is not a digit; and with letters turned to digits as on a keypad. Letters
// that are not part of an extension are taken on calls only.
// They are appended to ways, which is empty. It returns none for a text with anything in it
// that belongs in no number, or with too many of them.
func dialled(text string, letters bool, ways []dialledDigits) []dialledDigits {
	text = strings.TrimLeft(text, separators)
	text, plus := strings.CutPrefix(text, "+")
	if digits, _, ok := scanDigits(text, false); ok && digits != "" {
		return append(ways, dialledDigits{digits, plus})
	}
	text = strings.ToLower(text)
	if strings.Contains(text, "phone-context") {
		// The number goes on in the parameter (RFC 3966, section 5.1.5).
		return nil
	}
	number, extension := cutExtension(text)

	digits, hasLetters, ok := scanDigits(number, letters)
	if !ok || digits == "" || !isExtension(extension) {
		return nil
	}
	ways = append(ways, dialledDigits{digits, plus})
	if extension == "" && !hasLetters {
		return ways
	}
	var room [9]string
	for _, part := range appendParts(room[:0], number, text) {
		if len(ways) > mostWays {
			return nil
		}
		// Of "call 1-800-FLOWERS" some take the keys from the first digit on.
		spelled := part[max(0, strings.IndexAny(part, "0123456789")):]
		ways = appendWay(ways, part, true, plus)
		ways = appendWay(ways, spelled, true, plus)
		ways = appendWay(ways, part, false, plus)
	}
	for part := range strings.FieldsFuncSeq(extension, func(c rune) bool { return strings.ContainsRune(extensionMarks, c) }) {
		// What is as long as a number may be a second one, in a list.
		if digits := keepDigits(part, false); len(digits) >= shortestNumber {
			ways = appendWay(ways, digits, false, false)
		}
	}
	if len(ways) > mostWays {
		return nil
	}
	return ways
}

// appendParts appends the parts of a text that are its number to some reader: what stands
// before its extension, all of it, and what stands before each other mark or word.
func appendParts(parts []string, number, text string) []string {
	parts = append(parts, number, text)
	for _, word := range extensions {
		// The last one may be the only one.
		if i := strings.LastIndex(text, word); i > 0 {
			parts = append(parts, text[:i])
		}
	}
	for _, i := range []int{strings.IndexAny(text, extensionMarks), strings.LastIndexAny(text, extensionMarks)} {
		// A word before the mark may be no extension to others.
		if i > 0 {
			parts = append(parts, text[:i])
		}
	}
	if body, ok := strings.CutSuffix(text, "#"); ok {
		// "… 234 567#" may be the extension 567, which no mark begins.
		if i := strings.LastIndexAny(body, " -"); i > 0 {
			parts = append(parts, text[:i])
		}
	}
	return parts
}

// mostWays bounds the ways to get digits out of one text that come to other digits.
// A person who means one number, with an extension, writes nothing that comes near it.
const mostWays = 8

// waysRoom is room for the ways of one text.
type waysRoom [mostWays + 1]dialledDigits

// appendWay adds the digits of a part, letters turned to digits if asked, unless another
// way comes to the same, or there are too many.
func appendWay(ways []dialledDigits, part string, letters, plus bool) []dialledDigits {
	if len(ways) > mostWays {
		return ways
	}
	var room [maxDialled]byte
	digits := appendDigits(room[:0], part, letters)
	for i := range ways {
		if ways[i].plus == plus && ways[i].text == string(digits) {
			return ways
		}
	}
	return append(ways, dialledDigits{string(digits), plus})
}

// shortestNumber is how many digits a number with its calling code has at least.
// An extension or a PIN has fewer, or is seldom a number of any plan.
const shortestNumber = 7

// cutExtension cuts a text, in lower case, at the mark or word that begins an
// extension.
func cutExtension(text string) (number, extension string) {
	end := len(text)
	if i := strings.IndexAny(text, extensionMarks); i >= 0 {
		end = i
	}
	// Words count only where no letter is next to them, or "ext" would be cut
	// out of a number spelled in letters.
	for i := 1; i < end; i++ {
		if !isASCIILetter(text[i]) || isASCIILetter(text[i-1]) {
			continue
		}
		for _, word := range extensions {
			after, ok := strings.CutPrefix(text[i:], word)
			if ok && (after == "" || !isASCIILetter(after[0])) {
				end = i
			}
		}
	}
	return text[:end], text[end:]
}

// isExtension reports whether a text, cut off by cutExtension, is nothing but
// extensions, pauses and keys. What else there is may be part of the number to
// other readers.
func isExtension(text string) bool {
	for i := 0; i < len(text); {
		if isBesideWords[text[i]] {
			i++
			continue
		}
		word := leadingWord(text[i:])
		if word == 0 {
			return false
		}
		i += word
	}
	return true
}

// leadingWord is how long the word is that a text begins with, of those that are in
// extensions; zero if there is none.
func leadingWord(text string) int {
	for _, word := range extensionWords {
		if strings.HasPrefix(text, word) {
			return len(word)
		}
	}
	return 0
}

// extensionWords are the words of extensions, pauses and parameters, the longest first of
// those that begin alike.
var extensionWords = [...]string{"extension", "extn", "ext", "x", "isub", "postd", "w", "p"}

// isBesideWords says of each byte whether it can stand beside the words in an extension.
var isBesideWords = bytesOf("0123456789" + extensionMarks + separators + "=:")

func bytesOf(text string) (is [256]bool) {
	for i := range len(text) {
		is[text[i]] = true
	}
	return is
}

// scanDigits reads the digits of a number that may hold separators and, if
// letters is set, letters. It fails on anything else.
func scanDigits(number string, letters bool) (digits string, hasLetters, ok bool) {
	if isDigits(number) {
		return number, false, true
	}
	var room [maxDialled]byte
	kept := room[:0]
	for i := 0; i < len(number); i++ {
		c := number[i]
		switch {
		case isDigit(c):
			kept = append(kept, c)
		case isSeparator[c]:
		case letters && 'a' <= c && c <= 'z':
			kept = append(kept, keypad[c-'a'])
			hasLetters = true
		default:
			return "", false, false
		}
	}
	return string(kept), hasLetters, true
}

// isDigits reports whether a text holds digits only.
func isDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			return false
		}
	}
	return true
}

// keepDigits drops all that is not a digit, turning letters to digits if asked.
func keepDigits(text string, letters bool) string {
	if isDigits(text) {
		return text
	}
	var room [maxDialled]byte
	return string(appendDigits(room[:0], text, letters))
}

// appendDigits appends what keepDigits keeps.
func appendDigits(digits []byte, text string, letters bool) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isDigit(c):
			digits = append(digits, c)
		case letters && 'a' <= c && c <= 'z':
			digits = append(digits, keypad[c-'a'])
		}
	}
	return digits
}
