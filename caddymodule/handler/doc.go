// Package handler is the Caddy module that has requests to a carrier's API judged,
// refuses what is denied and hands on the rest as it came.
//
// It is thin. What decides lives in gate and below, and must not come in.
package handler
