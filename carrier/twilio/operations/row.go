package operations

import (
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Limits of a request body, in bytes, that is read to be judged.
const (
	smallBody  = 64 << 10
	notifyBody = 1 << 20
	bulkBody   = 4 << 20
)

// Limits of the destinations in one request. Notify and the bulk APIs accept
// 10,000 (https://www.twilio.com/docs/notify/api/notification-resource).
const (
	fewDestinations  = 64
	bulkDestinations = 10_000
)

// formOrMultipart are the bodies that most operations accept.
const formOrMultipart = params.AcceptForm | params.AcceptMultipart

// AccountSid is the path segment that names an account.
const AccountSid = "{AccountSid}"

// row is one operation of the API as the tables state it. It holds columns only:
// build derives the rest and never changes a row.
type row struct {
	product string
	// path has "{…}" for one segment of any value. Letter case, a trailing slash and, in
	// the API of 2010, an extension make no difference.
	path string
	name string
	kind carrier.Kind
	// words says how refusals are worded.
	words Words

	fields    []field
	documents []document
	senders   []string
	channel   *channelTable
	// tentative says that the fields may hold other things as well: only numbers are
	// judged.
	tentative bool
	// anywhere says that whatever looks like a number counts, in every parameter and in
	// the path.
	anywhere bool
	// verification says that the carrier itself sends a code to the destination.
	verification bool
	// converts says that the answer may be that a number was verified.
	converts bool

	// stored says that the operation reaches, or may reach, destinations stored
	// earlier, whether or not the request names any.
	stored bool
	// storedBy are parameters that have the same effect as stored.
	storedBy []trigger

	// programs are parameters with a program that Twilio runs. What the program sends
	// may be computed while it runs.
	programs []trigger

	// instructionURLs are parameters with a URL whose answer Twilio follows.
	instructionURLs urlParameters

	// timeLimit says whether a request has to say how long its call lasts, where calls are
	// limited.
	timeLimit timeLimit

	// control is what a controlling operation changes.
	control policy.Control
	// narrows describes the requests that change control but only take something away.
	narrows *narrowing
	// switches are parameters, or members of the documents, that control something.
	switches []controlSwitch

	// only is the one method of the row, if set; except is the one method that the row
	// does not cover. A row with neither covers all methods.
	only, except string
	// maxBody of 0 means smallBody, and accepts of 0 means formOrMultipart, in rows that
	// need the body.
	maxBody int64
	accepts params.Accepts
}

// field is a parameter, or a member of a JSON document, that holds a destination.
// Repeated parameters and the elements of a list count one by one.
type field struct {
	name string
	via  via
}

// via says by which channel a field's destination is reached.
type via uint8

const (
	byMessage via = iota + 1
	byCall
	// byEither is reached by a message or a call: both must be allowed.
	byEither
	// byChannel depends on another parameter, through the row's channel table.
	byChannel
	// inTwiML is a document that may name any number of destinations.
	inTwiML
	// byTask is called for a task, at any depth of the task's attributes. The caller
	// ID that the attributes state does not count as the request's sender.
	byTask
	// bySupervisor is called if it is a number. If it is a SID, it names a worker who
	// was stored earlier.
	bySupervisor
)

// document is a parameter whose value is a JSON document.
type document struct {
	name    string
	fields  []field
	senders []string
	channel *channelTable
	// tentative and anywhere are as in row.
	tentative bool
	anywhere  bool
}

// anyDocument is the name of a document that can be in any parameter.
const anyDocument = "*"

// trigger is a parameter with the given value; with any value, if none is given; or with
// any value except one, which may be the account of the path.
type trigger struct {
	name, value, unless string
}

// controlSwitch is a parameter that changes the carrier's protection, in a request that
// does something else.
type controlSwitch struct {
	trigger
	control policy.Control
}
