// Command soak runs the gate under load, with everything that goes wrong around it, and
// checks every single request.
//
//	go run ./bench/soak -for 1h
//
// It starts the gate as it is shipped, a carrier that misbehaves now and then, and clients
// that are slow or leave, and changes configuration and policy all the while. Each request
// has a number, from which, with the seed, follows what it is, how it is sent and how the
// carrier answers it. So each has outcomes that are right, and one of them must come.
//
// At the end it prints what was checked, a line each, and fails if anything was wrong: a
// request lost, a send let through that must not be, a send that arrived twice, an answer
// that changed on its way, a line of the access log that is missing, or a gate that grows.
// It never fails because a machine is slow.
//
// What may not come in: any package but the standard library's, the gate's own included; a
// check that passes more than it must so that a run is green.
package main
