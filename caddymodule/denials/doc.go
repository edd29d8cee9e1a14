// Package denials decides which clients a denial is shown to, asks the carrier about
// credentials that are new to the gate, and answers as the carrier would.
//
// What is denied was decided before and must not come in.
package denials
