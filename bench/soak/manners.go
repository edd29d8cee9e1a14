//go:build linux

package main

// manner is a way in which a client sends and reads.
type manner struct {
	name   string
	weight int
	// isChaos marks what is left out of a calm run.
	isChaos bool
	// isSlow marks what takes long, so that it does not keep other requests waiting.
	isSlow bool
	// leaves says that the client does not wait for the whole answer.
	leaves bool
	// breaksOff says that it leaves before the request is whole.
	breaksOff bool
	// opens says that it makes a connection of its own, and http2 that it speaks HTTP/2.
	opens, http2 bool
	send         func(c *connection, r *request) (outcome, string)
}

// manners are all there are.
var manners = []*manner{
	{name: "keeps its connection", weight: 800, send: exchangeWhole},
	{name: "makes a new connection", weight: 80, opens: true, send: exchangeWhole},
	{name: "speaks HTTP/2", weight: 80, http2: true},
}
