package twilio

import "strings"

// fewestDigits is how many digits in a row look like a number.
const fewestDigits = 7

// digitRun is digits, with separators among them, that look like a number.
type digitRun struct {
	text string
	// plus tells whether a plus sign stands before them.
	plus bool
	// inWord tells whether a letter touches them, as in a SID.
	inWord bool
}

// digitRuns finds all runs of digits in a text that are long enough for a
// number.
func digitRuns(text string) []digitRun {
	var runs []digitRun
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		start, end, digits := i, i, 0
		for ; i < len(text) && (isDigit(text[i]) || strings.IndexByte(" -.()/", text[i]) >= 0); i++ {
			if isDigit(text[i]) {
				digits++
				end = i + 1
			}
		}
		if digits < fewestDigits {
			continue
		}
		run := digitRun{text: text[start:end]}
		if before := strings.TrimRight(text[:start], " ("); strings.HasSuffix(before, "+") {
			run.plus = true
			run.text = "+" + run.text
		}
		run.inWord = start > 0 && isWord(text[start-1]) || end < len(text) && isWord(text[end])
		runs = append(runs, run)
	}
	return runs
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }
