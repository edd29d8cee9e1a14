// Package chart draws the charts of the documentation as SVG: bars of ratios with their
// quartiles, and lines of growth. Both are readable on light and on dark pages.
//
// What may not come in: what a figure means, how it was measured, and libraries.
package chart
