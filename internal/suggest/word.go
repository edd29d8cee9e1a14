package suggest

import (
	"slices"
	"strings"
)

// A word longer than this is near nothing, and is not worth comparing.
const longestWord = 50

// Word returns the choice that a mistyped word is nearest to, if one is near: at most a
// third of the word's letters away, or what the synonyms say that the word, in lower
// case, stands for.
func Word(word string, choices []string, synonyms map[string]string) (string, bool) {
	if other, known := synonyms[strings.ToLower(word)]; known && slices.Contains(choices, other) {
		return other, true
	}
	if len(word) > longestWord {
		return "", false
	}
	nearest, fewest := "", (len(word)+2)/3+1
	for _, choice := range choices {
		if n := distance(strings.ToLower(word), strings.ToLower(choice)); n < fewest {
			nearest, fewest = choice, n
		}
	}
	return nearest, nearest != ""
}

// DidYouMean is the end of an error about an unknown word: the nearest choice,
// or all of them.
func DidYouMean(word string, choices []string, synonyms map[string]string) string {
	if near, ok := Word(word, choices, synonyms); ok {
		return `, did you mean "` + near + `"?`
	}
	if len(choices) == 1 {
		return `: must be "` + choices[0] + `"`
	}
	return ": must be one of " + strings.Join(choices, ", ")
}
