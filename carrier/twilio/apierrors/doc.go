// Package apierrors is the table of Twilio's errors: each code with its status and its
// text, where and when that was seen, how sure it is, and what an integrator does about
// it. The gate refuses and the sandbox fails in these words.
package apierrors
