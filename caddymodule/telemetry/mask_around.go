package telemetry

// digitsAround is how many digits of a number an incident leaves out under the mask last4. The log
// shows the last four: with both, it is still one of as many numbers as a block has.
const digitsAround = lastShown + blockDigits

// Around is what the numbers around one have in common, as an incident shows them: their block of
// 1,000 numbers or, under last4, what is shorter. It is empty where that says too much.
func (m Masker) Around(number string) string {
	if block := m.prefix(number); block != "" || len(number) <= digitsAround {
		return block
	}
	return "+" + number[:len(number)-digitsAround]
}

// LastDigits is how many of the last digits of numbers the mask shows.
func (m Masker) LastDigits() int {
	switch m.mode {
	case maskNone:
		return maxShown
	case maskHMAC:
		return 0
	}
	return lastShown
}

// Sender is a sender as a notice shows it: like the log.
func (m Masker) Sender(sender string) string { return m.sender(sender) }
