package operations

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Bounds of a request body, in bytes, that is read to be judged.
const (
	smallBody  = 64 << 10
	notifyBody = 1 << 20
	bulkBody   = 4 << 20
)

// Bounds of the destinations in one request. Notify and the bulk APIs take
// 10,000 (https://www.twilio.com/docs/notify/api/notification-resource).
const (
	fewDestinations  = 64
	bulkDestinations = 10_000
)

// via says by which channel a parameter's destination is reached.
type via uint8

const (
	byMessage via = iota + 1
	byCall
	// byEither is reached by a message or a call: both must be allowed.
	byEither
	// byChannel is as another parameter says, by the row's channel table.
	byChannel
	// inTwiML is a document that may name any number of destinations.
	inTwiML
	// byTask is called for a task, wherever it stands in the attributes and whatever
	// they say it is called from.
	byTask
	// bySupervisor is called if it is a number, and the name of a worker who was
	// stored before if it is a SID.
	bySupervisor
)

// field is a parameter, or a member of a JSON document, in which a destination
// stands. A parameter that is repeated, and the elements of a list, count one by
// one.
type field struct {
	name string
	via  via
}

// document is a parameter whose value is a JSON document.
type document struct {
	name    string
	fields  []field
	senders []string
	channel *channelTable
	// tentative documents hold other things as well: only what is a number is
	// judged.
	tentative bool
	// anywhere says that a number counts in every member, where it stands behind
	// a plus sign.
	anywhere bool

	reader reader
}

// anyDocument is the name of a document that can stand in every parameter.
const anyDocument = "*"

// trigger is a parameter with a certain value, or any if none is given, or any but
// one, which may be the account of the path.
type trigger struct {
	name, value, unless string
}

// controlSwitch is a parameter that changes the carrier's protection, in a
// request that does something else.
type controlSwitch struct {
	trigger
	control policy.Control
}

// AccountSid is the segment of a path that is an account.
const AccountSid = "{AccountSid}"

// operation is a row of the table.
type operation struct {
	product string
	// path has "{…}" for one segment of any value. Letter case, a trailing
	// slash and, in the API of 2010, an extension make no difference.
	path string
	name string
	kind carrier.Kind
	// words says how refusals are worded.
	words Words

	fields    []field
	documents []document
	senders   []string
	channel   *channelTable
	// tentative rows name destinations in parameters that may hold other
	// things as well: only what is a number is judged.
	tentative bool
	// anywhere says that what looks like a number counts in every parameter, and in the
	// path.
	anywhere bool
	// verification says that the carrier itself sends a code to the destination.
	verification bool

	// stored operations reach who was stored before, or may: whom they name tells
	// nothing of whom they reach besides.
	stored bool
	// storedBy are parameters that make any other operation a stored one.
	storedBy []trigger

	// programs are parameters with a program that Twilio runs: what it sends besides
	// can be worked out while it runs.
	programs []trigger

	// urls are the parameters whose answers Twilio obeys, from obeyedParameters.
	urls []string

	// control is what a controlling operation changes.
	control policy.Control
	// narrows is what such a request may consist of if it only takes something away.
	narrows *narrowing
	// switches are parameters that control something, or members of the
	// documents, as with storedBy.
	switches []controlSwitch

	// except is the one method that the row does not speak for; it speaks for
	// all others.
	except string
	// only is the one method that the row speaks for, if there is one.
	only string
	// documented are the methods and versions that Twilio documents.
	documented []documented
	// maxBody of 0 is smallBody, and accepts of 0 a form, in rows that look
	// into the body.
	maxBody int64
	accepts params.Accepts

	reader reader
}

const formOrMultipart = params.AcceptForm | params.AcceptMultipart

// destinationParameters are the names of all fields of all rows and of all parameters
// with a URL that is obeyed, in which a number may stand, sorted.
var destinationParameters []string

// prepare derives from a row what reading needs.
func (o *operation) prepare() {
	if o.urls == nil && o.product != "" {
		o.urls = obeyedIn(o.product, o.path)
	}
	o.reader = reader{fields: o.fields, senders: o.senders, channel: o.channel, tentative: o.tentative, anywhere: o.anywhere}
	names := append(slices.Clone(o.urls), strings.TrimLeft(params.MethodParameter, "_")) // names compare by their letters
	for i := range o.documents {
		d := &o.documents[i]
		d.reader = reader{fields: d.fields, senders: d.senders, channel: d.channel, tentative: d.tentative, anywhere: d.anywhere}
		d.reader.prepare(o.triggerNames())
		if d.name != anyDocument {
			names = append(names, d.name)
			destinationParameters = append(destinationParameters, d.name)
		}
		destinationParameters = append(destinationParameters, fieldNames(d.fields)...)
	}
	o.reader.prepare(append(names, o.triggerNames()...))
	destinationParameters = append(destinationParameters, fieldNames(o.fields)...)
	if !o.looksIn() && o.narrows == nil {
		return
	}
	if o.maxBody == 0 {
		o.maxBody = smallBody
	}
	if o.accepts == 0 {
		o.accepts = formOrMultipart
	}
}

// looksIn tells whether the row looks into a request's parameters at all.
func (o *operation) looksIn() bool {
	return len(o.fields) > 0 || len(o.documents) > 0 || len(o.storedBy) > 0 || len(o.switches) > 0 || len(o.urls) > 0
}

func (o *operation) triggerNames() []string {
	var names []string
	for _, t := range o.storedBy {
		names = append(names, t.name)
	}
	for _, s := range o.switches {
		names = append(names, s.name)
	}
	for _, p := range o.programs {
		names = append(names, p.name)
	}
	return names
}

func fieldNames(fields []field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}

func init() {
	for i := range operations {
		operations[i].prepare()
	}
	completeUnlisted()
	destinationParameters = append(destinationParameters, everyObeyed...)
	slices.Sort(destinationParameters)
	destinationParameters = slices.Compact(destinationParameters)
}
