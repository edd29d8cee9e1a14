package telemetry

import "net/http"

// Recorder records a decision before the request is forwarded.
type Recorder interface {
	// Record returns an error if the request must not be forwarded, since no log would
	// show that it was sent.
	Record(r *http.Request, carrier string, logged LoggedDecision) error
}
