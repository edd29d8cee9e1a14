package forward

import (
	"errors"
	"fmt"
	"io"
)

// Step is where forwarding failed.
type Step string

const (
	// StepDial includes the TLS handshake: nothing of the request was sent.
	StepDial Step = "connecting to the carrier"
	// StepWrite is the writing of the request, and the check of it before.
	StepWrite Step = "writing the request"
	// StepRead is the reading of the answer's head: the carrier may have done what was asked.
	StepRead Step = "reading the answer"
	// StepCopy is the reading of the answer's body. The answer had begun, so the caller must
	// abort the client's connection.
	StepCopy Step = "copying the answer"
	// StepClient is a client that went away, or whose connection failed.
	StepClient Step = "answering the client"
)

// Error is why a request was not forwarded, or an answer not passed on in full.
type Error struct {
	Step Step
	Err  error

	begun, unsent bool
}

func (e *Error) Error() string { return string(e.Step) + ": " + e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// Begun reports whether something of the answer was passed on. Informational answers
// before it do not count: the client still awaits one.
func (e *Error) Begun() bool { return e.begun }

// Unsent reports whether nothing of the request was written.
func (e *Error) Unsent() bool { return e.unsent || e.Step == StepDial }

// Why an answer is refused. Each could be read in two ways, or has no end.
var (
	errLineEnd       = errors.New("a line of the answer does not end with CR LF")
	errHeadTooLarge  = errors.New("the head of the answer is too large")
	errStatusLine    = errors.New("the answer has a malformed status line")
	errSwitching     = errors.New("the answer switches protocols, which was not asked for")
	errInformational = errors.New("too many informational answers, or one with a body")
	errFieldName     = errors.New("the answer has a malformed field name")
	errFieldValue    = errors.New("the answer has a control character in a field")
	errLength        = errors.New("the answer has a malformed Content-Length, or several that differ")
	errEncoding      = errors.New("the answer has another Transfer-Encoding than one chunked, or a Content-Length beside it")
	errTrailer       = errors.New("the answer announces a trailer that frames a message")
	errChunk         = errors.New("the answer has a malformed chunk")
	errClosed        = fmt.Errorf("the carrier closed the connection before it answered: %w", io.EOF)
)
