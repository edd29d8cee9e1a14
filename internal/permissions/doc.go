// Package permissions changes what a store keeps, on behalf of people and programs: it asks
// whether they may, checks the change against the policy in force, records it, and says what
// it opens and closes. Every way in ends here.
//
// What may not come in: HTTP and Caddy.
package permissions
