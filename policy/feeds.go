package policy

// Feeds are lists of ranges that others keep. They are safe for concurrent use and always answer
// the same.
type Feeds interface {
	// Blocks is how many digits the longest range has that blocks a number for a channel, 0 if none
	// does.
	Blocks(digits string, channel Channel) (length int)
	// BlockedBy names the feeds with such a range, and since when each has had it: "feed … since …".
	BlockedBy(digits string, channel Channel) string
	// RaisedBy names those that raise a number to a class, if any do.
	RaisedBy(digits string, class Class) string
}

// WithFeeds returns the same policy with lists of others, in place of those that it has.
func (s *Snapshot) WithFeeds(feeds Feeds) *Snapshot {
	with := *s
	with.feeds = feeds
	return &with
}

// judgeFeeds denies a number in a range of a feed that blocks. An allow rule of the operator's that
// is as long as the range, or longer, stands in: the operator's own word counts more, and a whole
// country that is allowed does not open the ranges within it.
func (s *Subject) judgeFeeds(digits string, channel Channel, operator *prefixRule, trace *trace) Verdict {
	feeds := s.snapshot.feeds
	length := feeds.Blocks(digits, channel)
	if length == 0 {
		return Verdict{}
	}
	words := feeds.BlockedBy(digits, channel)
	if operator != nil && len(operator.Prefix) >= length {
		trace.feedPassed(digits[:length], words)
		return Verdict{}
	}
	trace.feedDenied(digits[:length], words)
	return deny(PrefixBlocked, words)
}

// raisedBy is what a denial for the class of a number says besides: the feeds that it has the class
// from, if there are any.
func (s *Subject) raisedBy(digits string, class Class) string {
	if by := s.snapshot.feeds.RaisedBy(digits, class); by != "" {
		return ", " + by
	}
	return ""
}

func (t *trace) feedPassed(prefix, words string) {
	if t != nil {
		t.add(StepPrefix, "operator", Passes, "allows what is blocked as +"+prefix+" by "+words)
	}
}

func (t *trace) feedDenied(prefix, words string) {
	if t != nil {
		t.add(StepPrefix, "operator", Denies, "blocks +"+prefix+" by "+words)
	}
}
