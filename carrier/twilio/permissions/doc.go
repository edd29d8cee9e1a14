// Package permissions is what accounts may do by Twilio's own permissions: as a policy, compared
// with a policy, and what would make both the same.
//
// What may not come in: requests to Twilio, which carrier/twilio/remote makes.
package permissions
