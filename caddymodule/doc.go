// Package caddymodule registers all of Tollgate's Caddy modules. Each is a room below
// it, beside what several of them share. Here are the tests of them all together, in
// a running Caddy.
//
// No code belongs here: what decides lives in gate and below, what Caddy needs of it in
// the room of its module.
package caddymodule
