// Package configtest makes random policy documents for tests: config's own, and
// those of every package that spells documents in another way.
package configtest
