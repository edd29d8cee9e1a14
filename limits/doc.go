// Package limits counts how much there was of something within a time that slides, or is in
// progress, and reserves of it. It knows neither policies nor requests, and the clock is an
// argument.
package limits
