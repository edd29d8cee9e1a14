package telemetry

// Recorder takes down a decision before the request goes on.
type Recorder interface {
	// Record returns an error if the request must not go on, since nobody could tell
	// afterwards that it was sent.
	Record(carrier string, logged LoggedDecision) error
}
