// Package console is the web page of the people who administer permissions. It asks the
// management API for everything, in the name of who asks it: what is shown, permitted and
// recorded is what the API shows, permits and records.
//
// A page is a function that returns what its template shows (accounts.go), a row in the table
// of routes, maybe one in that of the navigation, its template in templates, and its texts in
// texts/en. It works without JavaScript; assets/console.js adds to it.
//
// What may not come in: Caddy, and the rooms behind the API.
package console
