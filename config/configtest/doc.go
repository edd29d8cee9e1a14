// Package configtest has what tests of policies need: random documents, for config's own
// tests and those of every package that spells documents in another way, and carriers.
package configtest
