// Command decision measures the decision alone: may this account send a message to this
// territory? The gate's own policy answers, and two general policy engines, as libraries,
// from a policy that says the same: Open Policy Agent, from a prepared query whose data is
// in its store, and Cedar, with one policy and an entity for each account.
//
//	go run ./bench
//
// It prints JSON. The territory of a number is looked up for all of them before: neither
// engine has a numbering plan.
//
// What may not come in: anything that the gate is to import. This is a module of its own.
package main
