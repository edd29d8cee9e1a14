package policy

// Folded is the snapshot as it is once its overlay has become too large.
func (s *Snapshot) Folded() *Snapshot {
	folded := *s
	if folded.overlay != nil {
		folded.fold()
	}
	return &folded
}

// Changed is the number of accounts in the overlay.
func (s *Snapshot) Changed() int {
	if s.overlay == nil {
		return 0
	}
	return len(s.overlay.accounts)
}
