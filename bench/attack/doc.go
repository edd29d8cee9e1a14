// Command attack shows what limits let through of attacks, and what of good traffic they refuse.
//
//	go run ./bench/attack
//
// It draws two weeks of traffic of a platform with 200 accounts, a million sends, puts attacks
// into it, and has each defence judge all of it in the order of time: the gate as it is, with the
// limits of policy.yaml, and two others as their documentation describes them. The gate judges
// real requests by its own clock, which is that of the traffic. One seed always draws the same.
//
// The traffic is drawn by a few figures, which stand in traffic.go with what they mean. It is no
// one's real traffic: what it shows is how defences differ on the same sends.
//
// What may not come in: an attack that one defence alone knows; a figure that was chosen so that
// a row looks better.
package main
