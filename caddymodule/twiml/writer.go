package twiml

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/internal/webhook"
)

// answerWriter holds an answer until it is whole and judged. Answers that do not instruct
// Twilio pass at once. It has no Unwrap, by which a flush or a hijack would bypass it.
type answerWriter struct {
	writer http.ResponseWriter
	judge  func(*webhook.Answer) *webhook.Result
	// limit of what is read, in bytes.
	limit int
	// mayBeMedia says that a longer answer passes if it is sound, video or a picture.
	mayBeMedia bool
	isHead     bool

	// status is 0 until there is an answer.
	status int
	state  answerState
	body   []byte
}

// answerState is how far an answer has come.
type answerState uint8

const (
	// held answers are not written yet.
	held answerState = iota
	// passing answers are written as they come.
	passing
	// replaced answers are written, and what else comes of them is dropped.
	replaced
)

// errReplaced ends the writing of an answer that was replaced.
var errReplaced = errors.New("the answer is longer than TwiML may be, and was replaced")

// Header implements http.ResponseWriter.
func (w *answerWriter) Header() http.Header { return w.writer.Header() }

// WriteHeader implements http.ResponseWriter. Informational answers come before the
// one that counts.
func (w *answerWriter) WriteHeader(status int) {
	switch {
	case w.status != 0:
		return
	case status < http.StatusOK && status != http.StatusSwitchingProtocols:
		w.writer.WriteHeader(status)
		return
	}
	w.status = status
	if w.isHead || !webhook.Instructs(status) {
		w.pass()
	}
}

// Write implements http.ResponseWriter.
func (w *answerWriter) Write(body []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	switch w.state {
	case passing:
		return w.writer.Write(body)
	case replaced:
		return 0, errReplaced
	}
	limit := w.limit
	isMedia := w.mayBeMedia && webhook.IsMedia(w.Header().Get("Content-Type")) && len(w.Header().Values("Content-Type")) == 1
	if isMedia {
		limit = webhook.MaxDocument // what is longer is played or shown, and no TwiML
	}
	if len(w.body)+len(body) <= limit {
		w.body = append(w.body, body...)
		return len(body), nil
	}
	if isMedia {
		w.pass()
	} else {
		w.conclude(true)
	}
	if w.state == replaced {
		return 0, errReplaced
	}
	return w.writer.Write(body)
}

// FlushError implements the flush of http.ResponseController: what is held back
// stays so.
func (w *answerWriter) FlushError() error {
	if w.state == passing {
		return http.NewResponseController(w.writer).Flush()
	}
	return nil
}

// SetReadDeadline implements that of http.ResponseController, which is about the
// request alone.
func (w *answerWriter) SetReadDeadline(deadline time.Time) error {
	return http.NewResponseController(w.writer).SetReadDeadline(deadline)
}

// serve has the request answered. A handler that goes on writing an answer that was
// replaced ends with an error, or a panic of the proxy; the answer is still whole.
func (w *answerWriter) serve(r *http.Request, next caddyhttp.Handler) error {
	defer func() {
		if w.state == replaced {
			if reason := recover(); reason != nil && reason != http.ErrAbortHandler {
				panic(reason)
			}
		}
	}()
	if err := next.ServeHTTP(w, r); err != nil && w.state != replaced {
		return err
	}
	w.finish()
	return nil
}

// finish concludes an answer that is whole.
func (w *answerWriter) finish() {
	if w.status != 0 && w.state == held {
		w.conclude(false)
	}
}

// pass writes what is held, and whatever comes, as it is. A client that is gone by now is
// not our error.
func (w *answerWriter) pass() {
	w.state = passing
	w.writer.WriteHeader(w.status)
	if len(w.body) > 0 {
		_, _ = w.writer.Write(w.body)
	}
}

// conclude judges what is held and writes it, or what replaces it.
func (w *answerWriter) conclude(tooLarge bool) {
	result := w.judge(&webhook.Answer{Status: w.status, Header: w.Header(), Body: w.body, TooLarge: tooLarge})
	if result.Body == nil {
		w.pass()
		return
	}
	w.state = replaced
	header := w.Header()
	for _, name := range describing {
		header.Del(name)
	}
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", strconv.Itoa(len(result.Body)))
	if result.Whole {
		header.Del("Location")
		header.Set("Content-Type", result.Type)
		w.status = http.StatusOK
	}
	if result.Unlogged {
		w.status = http.StatusServiceUnavailable
	}
	w.writer.WriteHeader(w.status)
	_, _ = w.writer.Write(result.Body)
	if tooLarge {
		_ = http.NewResponseController(w.writer).Flush() // what writes it may be ended by force
	}
}

// describing are the headers of an answer that describe the bytes of its body, or how
// long they are good for.
var describing = []string{
	"Content-Encoding", "Content-Range", "Content-Md5", "Digest", "Content-Digest", "Repr-Digest",
	"Accept-Ranges", "Etag", "Last-Modified", "Expires", "Trailer",
}

// Interface guard
var _ http.ResponseWriter = (*answerWriter)(nil)
