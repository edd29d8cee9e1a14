// Package api is the management API: permissions and their record as resources over HTTP, with
// an OpenAPI description made of the code. It asks internal/permissions for everything, so that
// whatever is possible here is possible, and recorded, in the same way elsewhere.
//
// What may not come in: Caddy, and who a client is. The caller is in the context of a request.
package api
