package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/tail"
)

const (
	// heartbeat is how often something is written to a client, so that it and what is between
	// know that the connection lives.
	heartbeat = 15 * time.Second
	// stalled is how long a client may take nothing of what is written to it.
	stalled = 10 * time.Second
)

// tailQuery says what is followed.
type tailQuery struct {
	Account string `query:"account" doc:"The account, by the name that the policy gives it. Default: all."`
	Reason  string `query:"reason" example:"limit_exceeded"`
	Sends   bool   `query:"sends" doc:"Tells of what is let through, too."`
	Seconds int    `query:"seconds" minimum:"0" maximum:"600" default:"600" doc:"After how long it ends. It ends before, once the token of the client is revoked or has expired."`
}

func registerTail(api huma.API, service *permissions.Service) {
	o := operation(http.MethodGet, "/tail", "follow-decisions", "Follow what this gate refuses, and lets through, as it happens: server-sent events")
	o.Responses = map[string]*huma.Response{"200": {
		Description: "Events decision, each with the members of a refusal and sends; skipped, with the count of those that were too many; and end, with why.",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	huma.Register(api, o, func(ctx context.Context, in *tailQuery) (*huma.StreamResponse, error) {
		follower, err := service.Follow(callerOf(ctx), tail.Filter{Account: in.Account, Reason: in.Reason, Sends: in.Sends})
		if err != nil {
			return nil, problem(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			defer follower.Close()
			_, w := humago.Unwrap(c)
			stream := &eventStream{w: w, control: http.NewResponseController(w)}
			recheck := func() error { return service.Recheck(callerOf(ctx)) }
			stream.follow(ctx, follower, recheck, time.Duration(in.Seconds)*time.Second)
		}}, nil
	})
}

// eventStream writes server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// ending is why a stream ends.
type ending struct {
	Reason string `json:"reason"`
}

// follow writes what a follower is told of, until the client leaves, takes nothing any more, is
// refused when it is checked again, or it is over.
func (s *eventStream) follow(ctx context.Context, follower *tail.Follower, recheck func() error, length time.Duration) {
	header := s.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back
	// The connection is used again, and has no deadline then.
	defer func() { _ = s.control.SetWriteDeadline(time.Time{}) }()
	over := time.NewTimer(length)
	defer over.Stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	err := s.write("retry: 3000\n\n")
	for err == nil {
		select {
		case e := <-follower.Events():
			err = s.next(follower, recheck, func() error { return s.event("decision", e) })
		case <-beat.C:
			err = s.next(follower, recheck, func() error { return s.write(": \n\n") }) // a comment
		case <-over.C:
			_ = s.event("end", ending{"the time is over: come again"})
			return
		case <-follower.Ended():
			_ = s.event("end", ending{tail.ErrEnded.Error()})
			return
		case <-ctx.Done():
			return
		}
	}
}

// next writes something to a client that may still read it, after of how many decisions it was not
// told.
func (s *eventStream) next(follower *tail.Follower, recheck, write func() error) error {
	if err := recheck(); err != nil {
		return errors.Join(err, s.event("end", ending{errNoIdentity.Error()}))
	}
	if err := s.skipped(follower); err != nil {
		return err
	}
	return write()
}

// skippedEvents is how many decisions a client was not told of.
type skippedEvents struct {
	Count int64 `json:"count"`
}

// skipped writes of how many decisions the client was not told, if there are any.
func (s *eventStream) skipped(follower *tail.Follower) error {
	if count := follower.Skipped(); count > 0 {
		return s.event("skipped", skippedEvents{count})
	}
	return nil
}

func (s *eventStream) event(name string, data any) error {
	text, err := json.Marshal(data) // JSON has no line break in it
	if err != nil {
		return fmt.Errorf("writing an event: %w", err)
	}
	return s.write("event: " + name + "\ndata: " + string(text) + "\n\n")
}

// write writes to the client, which must take it soon.
func (s *eventStream) write(text string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(stalled)) // where the server cannot, the connection's own end it
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
