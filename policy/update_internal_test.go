package policy

// Changed is the number of accounts in the overlay.
func (s *Snapshot) Changed() int {
	if s.overlay == nil {
		return 0
	}
	return len(s.overlay.accounts)
}
