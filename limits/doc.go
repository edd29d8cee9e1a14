// Package limits counts how much there was of something within a time, or is in progress, and
// reserves of it. What was exceeded it holds for a time. It knows neither policies nor requests,
// and the clock is an
// argument.
package limits
