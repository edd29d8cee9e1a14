// Package chart draws the charts of a page: stacked columns over time as SVG, with a table of what
// they show, and bars by name, which are a table themselves.
//
// It writes classes and no style. What is drawn depends on nothing but its arguments.
//
// What may not come in: what is counted, HTTP, and scripts.
package chart
