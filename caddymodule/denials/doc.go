// Package denials decides to whom a denial is shown, asks the carrier about
// credentials that were not seen before, and answers as the carrier would.
//
// What is denied was decided before and must not come in.
package denials
