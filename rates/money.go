package rates

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Price of one segment of a message, or of one minute or the setup of a call, in millionths of
// the currency: carriers state prices with up to five decimals.
type Price int64

// Amount of money that is spent, in ten-thousandths of the currency.
type Amount int64

const (
	priceDecimals  = 6
	amountDecimals = 4
	// pricePerAmount is how many units of a price one of an amount has.
	pricePerAmount = 100
	// maxPrice is 10,000 of the currency: no sum of prices for one send overflows.
	maxPrice = 10_000_000_000
)

// MaxAmount is the most that a limit may allow, 400,000 of the currency: a limit counts in 32
// bits, and whatever is more than it can count is over every limit.
const MaxAmount Amount = 4_000_000_000

// ParsePrice reads digits with at most one point.
func ParsePrice(text string) (Price, error) {
	value, err := parseDecimal(text, priceDecimals)
	if err == nil && value > maxPrice {
		err = errors.New("it is more than 10000")
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a price such as 0.0079: %w", text, err)
	}
	return Price(value), nil
}

// ParseAmount reads digits with at most one point.
func ParseAmount(text string) (Amount, error) {
	value, err := parseDecimal(text, amountDecimals)
	switch {
	case err != nil:
	case value == 0:
		err = errors.New("it is nothing")
	case Amount(value) > MaxAmount:
		err = fmt.Errorf("it is more than %d", MaxAmount/10_000)
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount of money such as 20.00: %w", text, err)
	}
	return Amount(value), nil
}

// Amount is what a price comes to, rounded up.
func (p Price) Amount() Amount { return Amount((p + pricePerAmount - 1) / pricePerAmount) }

// Times is the price of several, which stays as much as there can be.
func (p Price) Times(n int) Price {
	if n > 0 && p > math.MaxInt64/2/Price(n) {
		return math.MaxInt64 / 2
	}
	return p * Price(n)
}

// String is the price with at least two decimals.
func (p Price) String() string { return formatDecimal(int64(p), priceDecimals) }

// String is the amount with at least two decimals.
func (a Amount) String() string { return formatDecimal(int64(a), amountDecimals) }

// parseDecimal reads a number as an integer that has so many of its decimals.
func parseDecimal(text string, decimals int) (int64, error) {
	whole, fraction, hasPoint := strings.Cut(text, ".")
	switch {
	case strings.Trim(whole+fraction, "0123456789") != "" || whole == "" || hasPoint && fraction == "":
		return 0, errors.New("write digits, and a point before decimals")
	case len(fraction) > decimals && strings.Trim(fraction[decimals:], "0") != "":
		return 0, fmt.Errorf("it has more than %d decimals", decimals)
	}
	fraction = (fraction + strings.Repeat("0", decimals))[:decimals]
	value, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return 0, errors.New("it is too much")
	}
	return value, nil
}

// formatDecimal writes what parseDecimal reads.
func formatDecimal(value int64, decimals int) string {
	digits := fmt.Sprintf("%0*d", decimals+1, value)
	point := len(digits) - decimals
	fraction := digits[point:]
	return digits[:point] + "." + fraction[:2] + strings.TrimRight(fraction[2:], "0")
}
