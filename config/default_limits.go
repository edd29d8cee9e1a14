package config

import (
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// DefaultLimits is the name of the limits that are shipped, in a list of limits: it stands for
// those of them whose names are not in the list.
const DefaultLimits = "default"

// shippedLimits stop an attack on a block of numbers, and refuse nothing of the good traffic of
// bench/attack, by which they were chosen.
var shippedLimits = []policy.Limit{
	// One number too often.
	{Name: "number", Amount: 5, Window: 10 * time.Minute, Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByNumber}}},
	// A block of 1,000 numbers: at once, and slowly.
	{Name: "block", Amount: 20, Window: time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByBlock, Digits: 3}}},
	{Name: "block-week", Amount: 25, Window: 7 * 24 * time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByBlock, Digits: 3}}},
	// Anyone who fills in a form asks for a verification: a block by all accounts, and 100,000
	// numbers by one.
	{Name: "block-of-all", Kind: policy.Verifications, Amount: 25, Window: 24 * time.Hour, Per: []policy.Dimension{{By: policy.ByBlock, Digits: 3}}},
	{Name: "range", Kind: policy.Verifications, Amount: 50, Window: 24 * time.Hour, Per: []policy.Dimension{{By: policy.ByAccount}, {By: policy.ByBlock, Digits: 5}}},
}

// isAlone reports whether a limit states no more than its name and what becomes of what is over.
func (l *Limit) isAlone() bool {
	return l.Channel == "" && l.Amount == "" && l.Of == "" && !l.Adaptive && l.Warn == "" && len(l.Per) == 0 && l.Zone == "" && l.Hours == ""
}

// shippedBeside are the shipped limits whose names are not in a list, as a checked statement
// wants them.
func shippedBeside(list []policy.Limit, stated *Limit) []policy.Limit {
	shipped := slices.DeleteFunc(slices.Clone(shippedLimits), func(shipped policy.Limit) bool {
		return slices.ContainsFunc(list, func(l policy.Limit) bool { return l.Name == shipped.Name })
	})
	for i := range shipped {
		shipped[i].Monitor = stated.monitors()
		shipped[i].HoldFor, _ = parseWindow(stated.For) // 0 where nothing is stated
	}
	return shipped
}
