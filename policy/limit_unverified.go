package policy

// AdaptiveShare is how much of what is verified an adaptive limit allows, in percent. It is the
// share of Authgear's fraud protection, which grows by the most that was verified in 14 days
// (https://github.com/authgear/authgear-server/blob/0fb86d101752e759c2758b0c7a50d7c306c7f586/pkg/lib/fraudprotection/service.go).
const AdaptiveShare = 20

// TellsConversions reports whether it is known of a conversion what the dimension told apart of
// the sends before it: a code is checked by other clients, with other keys, and without a sender.
func (k DimensionKind) TellsConversions() bool {
	switch k {
	case ByAccount, ByTerritory, ByNumber, ByBlock, ByPrefix:
		return true
	}
	return false
}

// CountsConversions reports whether there may be limits of what is unverified.
func (s *Snapshot) CountsConversions() bool { return s.unverified }

// Unverified calls yield with each limit in force of what is unverified that counted a send, or
// would have. What rules say of the number now does not matter: it may have been sent to before.
func (s *Subject) Unverified(send *Send, yield func(*StatedLimit)) {
	s.limitsInForce(0, func(l *StatedLimit) {
		if l.Of == Unverified && l.Kind.has(send) {
			yield(l)
		}
	})
}
