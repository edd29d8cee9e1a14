// Package openings has the rules of openings, which are permissions with an end: what may be
// requested, how many others must approve it, and what an opening is at a time.
//
// It is pure: it keeps nothing and reads no clock. An opening is judged by comparing its
// times with the clock that the caller has, so none stays open because something did not run.
package openings
