package policy

import (
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/rates"
)

// String is the limit in words: "25 numbers within 1h per account, block:3".
func (l *Limit) String() string {
	if l.Hours.AreStated() {
		return l.hoursText(l.counted(l.Amount))
	}
	return l.AmountText(l.Amount) + " " + l.counted(l.Amount)
}

// counted is what the limit counts, in the words that follow an amount.
func (l *Limit) counted(amount int64) string {
	words, within := l.Of.inWords(amount), " within "+l.windowText()
	switch {
	case l.Of == InProgress:
		within = " in progress"
	case l.Kind == Verifications:
		words += " of verify"
	case l.Kind != AnySend:
		words += " of " + l.Kind.String()
	}
	if l.Hours.AreStated() {
		return words
	}
	per := make([]string, len(l.Per))
	for i, d := range l.Per {
		per[i] = d.String()
	}
	if l.Adaptive {
		words = "(adaptive) " + words
	}
	return words + within + " per " + strings.Join(per, ", ")
}

// AmountText is an amount in the unit of the limit.
func (l *Limit) AmountText(amount int64) string {
	if l.Of == Spend {
		return rates.Amount(amount).String()
	}
	return strconv.FormatInt(amount, 10)
}

// UsedText says how much of the limit is used: "25 are used".
func (l *Limit) UsedText(used int64) string {
	if used == 1 || l.Of == Spend {
		return l.AmountText(used) + " is used"
	}
	return l.AmountText(used) + " are used"
}

// Then is what becomes of what is over, and when is told of it, in words that follow those of
// the limit: ", warns from 15, holds what is over for 15m". It is empty where what is over is
// refused and no more.
func (l *Limit) Then() string {
	text := ""
	if l.Warn > 0 {
		text = ", warns from " + l.AmountText(l.Warn)
	}
	switch {
	case l.Notifies():
		text += ", notifies at " + l.NotifyText()
	case l.Monitor:
		text += ", only records what is over"
	case l.HoldFor > 0:
		text += ", holds what is over for " + durationText(l.HoldFor)
	}
	return text
}

// durationText is a duration without parts that are zero: "1h", "1h30m", "7d".
func durationText(d time.Duration) string {
	const day = 24 * time.Hour
	if d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	return DurationText(d)
}

// DurationText is a duration without parts that are zero: "1h", "1h30m".
func DurationText(d time.Duration) string {
	text := d.String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}
