// Package territories gathers what is known of each territory, for people who choose some: names,
// codes, what carriers say of it, the prefixes of its numbers and an example of each class.
//
// What may not come in: what an account may do, and the carriers themselves. What these say of a
// territory is handed in.
package territories
