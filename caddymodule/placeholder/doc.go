// Package placeholder replaces the placeholders that settings may hold, and names
// those that the gate sets on requests.
//
// It knows no module: what a setting is for does not belong here.
package placeholder
