package apierrors

import (
	"strings"
	"unicode/utf8"
)

// Error is one error of Twilio's.
type Error struct {
	Code int
	// Status of the answer in HTTP; 0 for an error that Twilio reports later, in a
	// callback or its debugger.
	Status int
	// Text has the placeholders {To}, the destination as the caller wrote it; {MaskedTo},
	// the same with its last four characters masked; {MaskedE164}, the same in the form of
	// E.164; {From}; {Account}; {Territory}; {Channel}, in Verify's words;
	// {Path} of the request; {URL} and {Parameter}; and {Cause}, of the gate's own.
	Text string
	Evidence
	// Advice is what the integrator does who gets it.
	Advice string
}

// Evidence is how an error is known.
type Evidence struct {
	// Source is a public address, Recording or OwnWords.
	Source string
	// Date of the newest, as a year, month or day; empty if it is undated.
	Date string
	// Confidence that Twilio answers in these words today.
	Confidence Confidence
}

// Recording is the source of answers that were seen in public reports, logs and fixtures,
// more than one of which agree.
const Recording = "recording"

// OwnWords is the source of texts of the gate's, under a code of Twilio's: it refuses what
// Twilio would accept, or answer in words that are not known.
const OwnWords = "own words"

// Confidence is how sure a text is.
type Confidence string

// The levels of confidence.
const (
	// High is for Twilio's own pages, and for several recordings that agree.
	High Confidence = "high"
	// Medium is for one good recording, or an older page.
	Medium Confidence = "medium"
	// Low is for a code of Twilio's with words that were never seen.
	Low Confidence = "low"
)

// Fill fills in the placeholders, in one pass: those in a value have no effect.
func (e *Error) Fill(value func(placeholder string) string) string {
	var room [256]byte // for most texts, so that the message is allocated once
	return string(e.AppendFilled(room[:0], value))
}

// AppendFilled appends the text that Fill returns.
func (e *Error) AppendFilled(b []byte, value func(placeholder string) string) []byte {
	for rest := e.Text; ; {
		before, after, found := strings.Cut(rest, "{")
		b = append(b, before...)
		if !found {
			return b
		}
		name, after, _ := strings.Cut(after, "}")
		b = append(b, value(name)...)
		rest = after
	}
}

// Masked replaces each of the last four characters with an X, whatever they are, as
// Messages does ("False" becomes "FXXXX"). What Twilio does with fewer is unknown: here
// all of them are masked, and nothing stays nothing.
func Masked(to string) string {
	const mask = "XXXX"
	shown, count := to, 0
	for ; count < len(mask) && shown != ""; count++ {
		_, size := utf8.DecodeLastRuneInString(shown)
		shown = shown[:len(shown)-size]
	}
	return shown + mask[:count]
}
