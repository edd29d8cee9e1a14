package access

import (
	"errors"
	"fmt"
	"strings"
)

// Author is who did something: the name of an identity, and the person who answers for it.
// For a token, that is the person who created it: else a token of one's own could approve
// what one requested.
type Author struct{ Name, Person string }

// IsSamePerson reports whether two authors are, or might be, the same person. Letter case
// does not count, since not every authentication in front looks at it. Nor does it count
// whether a name is that of a user or of a certificate: one person may have both.
func (a Author) IsSamePerson(b Author) bool {
	return strings.EqualFold(bareName(a.Person), bareName(b.Person)) || strings.EqualFold(a.Name, b.Name)
}

// bareName is the name of a person without the beginning of a certificate's.
func bareName(person string) string {
	name, _ := cutCertificate(person)
	return name
}

// ErrOwnRequest is an approval of what the approver requested.
var ErrOwnRequest = errors.New("no one approves what they requested")

// ErrApprovedTwice is a second approval by one person.
var ErrApprovedTwice = errors.New("already approved by the same person")

// CheckApproval returns an error if someone may not approve a request, whatever the role: not
// an owner either. Several approvals are those of several persons.
func CheckApproval(requested Author, approved []Author, by Author) error {
	if by.IsSamePerson(requested) {
		return fmt.Errorf("%w: %s requested it, and someone else must approve it", ErrOwnRequest, requested.Name)
	}
	for _, earlier := range approved {
		if by.IsSamePerson(earlier) {
			return fmt.Errorf("%w: %s approved it, and someone else must too", ErrApprovedTwice, earlier.Name)
		}
	}
	return nil
}
