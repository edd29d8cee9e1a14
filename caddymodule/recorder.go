package caddymodule

// recorder takes down a decision before the request goes on.
type recorder interface {
	// record returns an error if the request must not go on, since nobody could tell
	// afterwards that it was sent.
	record(carrier string, logged loggedDecision) error
}
