package gate

// maxHeaderValue is how long a value may be that a limit counts by, in bytes: an id of a user.
const maxHeaderValue = 256

// headerValue is what a limit tells a request apart by that has a header with the id of an end
// user. Requests without one, with several, or with one that is too long are counted together for
// each account: nothing that is left out or added to a request gets more than one user has.
func (j *limiting) headerValue(name string) string {
	if stated := j.r.Header[name]; len(stated) == 1 && stated[0] != "" && len(stated[0]) <= maxHeaderValue {
		return stated[0]
	}
	return withoutHeader + j.d.Account
}

// withoutHeader begins the value of requests without the header. No header has a zero byte (RFC
// 9110, section 5.5).
const withoutHeader = "\x00"
