// Package numbering answers whose number this is (Plan): its territories and its
// kind.
//
// It knows the world's numbering plans. It knows no accounts, no permissions, no
// carrier and no HTTP, and it imports nothing else of this module. Which numbers a
// string can mean is for package address.
package numbering

//go:generate go run ./generate
