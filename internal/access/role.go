package access

import "fmt"

// Role is what someone may do. A greater one may do all that a smaller one may.
type Role uint8

// The roles. The zero value is none, which may do nothing.
const (
	NoRole Role = iota
	// Viewer may read everything except secrets.
	Viewer
	// Approver may also approve openings that others requested.
	Approver
	// Admin may also change accounts, and what is in force for all of them.
	Admin
	// Owner may also change who has access, and the operator's own statements.
	Owner
)

var roleNames = [...]string{"none", "viewer", "approver", "admin", "owner"}

// Roles lists the roles that can be given, the smallest first.
var Roles = []Role{Viewer, Approver, Admin, Owner}

// String returns the role as configurations, tokens and records spell it.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return fmt.Sprintf("role %d", uint8(r))
}

// ParseRole reads a role as String writes it, except "none".
func ParseRole(s string) (Role, bool) {
	for _, r := range Roles {
		if s == r.String() {
			return r, true
		}
	}
	return NoRole, false
}
