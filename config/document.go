package config

// Document is a whole policy as an operator states it. Every spelling of it, the
// Caddyfile's block, Caddy's JSON and a policy file, becomes one of these.
//
// Lists of a named type that are absent say nothing, and what they would say is
// inherited; empty, they say "none". Therefore no field here is ever omitempty.
// Of all other lists, empty and absent mean the same, and are read as nil.
type Document struct {
	// Observe lets everything through and only records what would have been
	// refused: for the first week in front of real traffic.
	Observe Switch `json:"observe,omitzero"`

	// How numbers without "+" are read, beyond what their sender says: they are of
	// its country. A territory is the country of senders whose own is unknown, a
	// messaging service or a name; without one, what they send to without "+" is
	// refused. `strict` does so as well, and keeps every other reading of a
	// number: all must be allowed.
	National string `json:"national,omitzero"`

	// The permission set of accounts that state none, and of accounts that
	// are not named at all. Without it the latter may send nowhere.
	Default *Default `json:"default,omitzero"`

	// What becomes of sends that name no number, but a recipient that was stored before:
	// `allow` (the default) or `deny`, for accounts that state neither.
	Stored string `json:"stored,omitzero"`

	// What becomes of sends by a messaging service that no sender's set is
	// stated for: `allow` (the default) or `deny`, for accounts that state
	// neither.
	UnscopedService string `json:"unscoped_service,omitzero"`

	// What becomes of messages to premium, shared cost and other high-risk numbers:
	// `allow` (the default, as with the carrier) or `deny`, for accounts that
	// state neither.
	MessagingSpecial string `json:"messaging_special,omitzero"`

	// What becomes of sends to numbers in ranges that no plan has assigned to anyone:
	// `allow`, `monitor` (the default) or `deny`, for accounts that do not state it.
	Unallocated *Unallocated `json:"unallocated,omitzero"`

	// The hosts that instruction URLs may have, for accounts that state
	// none: `hooks.example.com`, `*.example.com` for all below it, `*` for any.
	// Without it, any host will do.
	URLHosts Hosts `json:"url_hosts,omitzero"`

	// Limits of how much is sent, of each account unless their dimensions say otherwise.
	Limits []Limit `json:"limits,omitzero"`

	// What a message, and a minute of a call, may cost at most by the deck of rates that the
	// configuration names. What costs more is refused.
	PriceLimit *PriceLimit `json:"price_limit,omitzero"`
	// How long calls may last, such as `15m`, from 1m to 24h, for accounts that do not state it.
	// Without it, they last as long as the carrier lets them.
	MaxCall string `json:"max_call,omitzero"`

	// Prefixes that are blocked or allowed for all accounts.
	Prefixes []Prefix `json:"prefixes,omitzero"`

	// Ranges that extend the numbering plan without a new release.
	Ranges []Range `json:"ranges,omitzero"`

	// Territories that the carrier does not serve, per channel. Stating a
	// channel replaces the built-in list for it.
	Unsupported *Unsupported `json:"unsupported,omitzero"`

	// Territories that the carrier opens to an account on request. Stating it
	// replaces the built-in list.
	ByRequest *ByRequest `json:"by_request,omitzero"`

	// The accounts, each with what it may do.
	Accounts []Account `json:"accounts,omitzero"`
}

// Default is the permission set where neither an account nor its parent states
// one, and the one for verifications.
type Default struct {
	Permissions

	// The permission set of verifications, where neither an account nor its
	// parent states one. Where this does not either, verifications go as all
	// other messages and calls do.
	Verify *Verify `json:"verify,omitzero"`
}

// Permissions are the permission sets of an account, of a sender, or of the
// default.
type Permissions struct {
	// Territories that may be sent messages: ISO 3166 alpha-2 codes (`US`),
	// calling codes of no country (`+881`), or `*` for all.
	Messaging Territories `json:"messaging,omitzero"`
	// Territories that may be called, per risk class.
	Voice *Voice `json:"voice,omitzero"`
	// Territories that may be sent messages by WhatsApp. Where no one states them, those
	// of messaging.
	WhatsApp Territories `json:"whatsapp,omitzero"`
	// Territories that may be sent messages by RCS. Where no one states them, those of
	// messaging.
	RCS Territories `json:"rcs,omitzero"`
}

// Verify are the permission sets for verifications: codes that the carrier
// itself sends.
type Verify Permissions

// Voice are the territories that may be called in each risk class. Stating
// one class states them all: the others are none.
type Voice struct {
	// Ordinary numbers.
	LowRisk Territories `json:"low_risk,omitzero"`
	// Premium, shared cost and other special services.
	HighRiskSpecial Territories `json:"high_risk_special,omitzero"`
	// Ranges known for revenue-share fraud.
	HighRiskTollFraud Territories `json:"high_risk_tollfraud,omitzero"`
}

// Limit is how much of something there may be within a window, per some
// dimensions. What an allow rule lets through is not counted.
type Limit struct {
	// The name by which logs name it. `default`, alone, is those of the limits that are shipped
	// whose names are not in the list.
	Name string `json:"name,omitzero"`
	// Which sends are counted: `messaging`, `voice`, or `verify`, which are in neither of the
	// others. Default: all.
	Channel string `json:"channel,omitzero"`
	// How much there may be within which time, such as `25/1h`. The window is from 1s to 31d, and
	// slides, or a `day` or a `month` of the calendar; of calls there is none: `10`.
	Amount string `json:"amount,omitzero"`
	// Whether the amount grows with the numbers that are verified. Only of what is unverified.
	Adaptive bool `json:"adaptive,omitzero"`
	// What is counted: `sends` (the default), `numbers`, each once, `unverified`, sends to numbers
	// that were not verified since, `spend`, what the sends cost by the deck of rates, or `calls`,
	// while they are in progress.
	Of string `json:"of,omitzero"`
	// What is counted together: `account`, `key`, `sender`, `territory`, `number`, `client`,
	// `block:3` (the number without its last three digits), `prefix:6` (its first six),
	// `header:X-User-Id` (the header of the request with that name).
	Per []string `json:"per,omitzero"`
	// The local time at which something may be sent, such as `08:00-21:00`, in place of an amount.
	Hours string `json:"hours,omitzero"`
	// The time zone of a day or a month, such as `Europe/Berlin`, where UTC is the default; or of
	// hours, where `destination` is that of the number.
	Zone string `json:"zone,omitzero"`
	// What becomes of sends over the limit: `deny` (the default), `monitor`, which records
	// them and lets them through, or `notify`, which tells how much there is and refuses nothing.
	Action string `json:"action,omitzero"`
	// The steps of `notify`, of which each is told once a window: so much of the amount, such as
	// `50%`, `80%`, `100%`, the least first, and up to `1000%`. Default: `100%`.
	At []string `json:"at,omitzero"`
	// From how much on it is told, once a window, that much is used: a number up to the amount.
	// What is sent passes.
	Warn string `json:"warn,omitzero"`
	// How long everything of the same dimensions is refused once the limit is exceeded: a duration,
	// such as `15m`, and longer on each repeat. Default: only what is over is refused.
	For string `json:"for,omitzero"`
}

// PriceLimit is what sends may cost at most, in the currency of the deck of rates.
type PriceLimit struct {
	// The most that a message of one segment may cost, such as `0.15`. Default: anything.
	Message string `json:"message,omitzero"`
	// The most that a call of one minute may cost, with its setup. Default: anything.
	Minute string `json:"minute,omitzero"`
	// What becomes of sends whose number has no price: `deny` (the default) or `allow`.
	Unpriced string `json:"unpriced,omitzero"`
}

// Prefix blocks or allows the numbers that begin with a prefix. A full number
// is a long prefix.
type Prefix struct {
	// The prefix to block, with "+". Either this or allow.
	Block string `json:"block,omitzero"`
	// The prefix to allow, with "+".
	Allow string `json:"allow,omitzero"`
	// Longer prefixes within that one, with "+", whose numbers the rule does not match:
	// what else is stated decides these.
	Except []string `json:"except,omitzero"`
	// The channel the rule is for: `messaging`, which is all messages, `voice`, `whatsapp`
	// or `rcs`. Default: all.
	Channel string `json:"channel,omitzero"`
	// Why the rule is there. Required.
	Reason string `json:"reason,omitzero"`
	// When the rule begins: a date (at 00:00 UTC of that day) or an RFC 3339 time.
	// Default: it is in force already.
	From string `json:"from,omitzero"`
	// When the rule ends, written as from is. Default: never.
	Until string `json:"until,omitzero"`
}

// Range is a range of numbers that the built-in numbering plan does not know,
// or knows otherwise.
type Range struct {
	// The prefix of the range, with "+".
	Prefix string `json:"prefix,omitzero"`
	// The territory the range belongs to.
	Territory Territory `json:"territory,omitzero"`
	// Its risk class. Default: `low_risk`.
	Class string `json:"class,omitzero"`
}

// Unallocated is `allow`, `monitor` or `deny` for each channel. One of these words alone is
// for all channels.
type Unallocated struct {
	Messaging string `json:"messaging,omitzero"`
	Voice     string `json:"voice,omitzero"`
}

// ReadText reads one word for all channels.
func (u *Unallocated) ReadText(word string) { u.Messaging, u.Voice = word, word }

// Unsupported are territories that the carrier does not serve.
type Unsupported struct {
	Messaging Territories `json:"messaging,omitzero"`
	Voice     Territories `json:"voice,omitzero"`
	// Not served by WhatsApp. In place of those of messaging and of the built-in prefixes.
	WhatsApp Territories `json:"whatsapp,omitzero"`
	// Not served by RCS. In place of those of messaging.
	RCS Territories `json:"rcs,omitzero"`
}

// ByRequest are territories that the carrier opens on request.
type ByRequest struct {
	Voice Territories `json:"voice,omitzero"`
}

// Account is one account and what it may do.
type Account struct {
	// The name that the policy gives the account, such as `acme`: it is also in logs. Or in
	// short, for an account at one carrier, its id there (AC…).
	ID string `json:"id,omitzero"`
	// The account's ids at carriers, by the names of the carriers. Not for an account that
	// has an id at a carrier for its name.
	At At `json:"at,omitzero"`
	// A label for people.
	Label string `json:"label,omitzero"`
	// The account that this one is a subaccount of, by its name or its id at a carrier. What
	// this one does not state, it inherits.
	Parent string `json:"parent,omitzero"`

	Permissions

	// The permission sets for verifications, in place of those for other sends.
	Verify *Verify `json:"verify,omitzero"`
	// What of the carrier's own protection its requests may change:
	// `risk_check`, `safe_list`, `permissions`, `keys`, `accounts`, `trunks`,
	// `safeguards`. What it does not state, it inherits from its parent; without
	// either, nothing.
	Control Controls `json:"control,omitzero"`
	// What becomes of sends that name no number, but a recipient that was stored before:
	// `allow` or `deny`.
	Stored string `json:"stored,omitzero"`
	// What becomes of sends by a messaging service that no sender's set is
	// stated for: `allow` or `deny`.
	UnscopedService string `json:"unscoped_service,omitzero"`
	// What becomes of messages to premium, shared cost and other high-risk numbers:
	// `allow` or `deny`.
	MessagingSpecial string `json:"messaging_special,omitzero"`
	// What becomes of sends to numbers in ranges that no plan has assigned to anyone:
	// `allow`, `monitor` or `deny`.
	Unallocated *Unallocated `json:"unallocated,omitzero"`
	// The hosts that instruction URLs may have. What it does not state,
	// it inherits from its parent; without either, the operator's hold.
	URLHosts Hosts `json:"url_hosts,omitzero"`
	// Limits of how much the account sends. One stands in for that of its parent or of the
	// operator which has its name.
	Limits []Limit `json:"limits,omitzero"`
	// How long calls of the account may last, such as `15m`, from 1m to 24h. What it does not
	// state, it inherits from its parent; without either, the operator's holds.
	MaxCall string `json:"max_call,omitzero"`
	// What its sends, and those of its subaccounts, may cost at most. Those of its parent and of
	// the operator hold as well.
	PriceLimit *PriceLimit `json:"price_limit,omitzero"`
	// The one territory that a new account starts with: for any channel
	// that is not stated.
	Home Territory `json:"home,omitzero"`
	// Makes this a trial account, which reaches low-risk numbers at home only,
	// and calls only these verified numbers.
	Trial Numbers `json:"trial,omitzero"`
	// Refuses everything the account or a subaccount of it would send.
	Suspended Switch `json:"suspended,omitzero"`
	// Records what would be refused and lets it through.
	Monitor Switch `json:"monitor,omitzero"`
	// API keys (SK…) of the account.
	Keys []string `json:"keys,omitzero"`
	// Other credentials of the account: OAuth clients by their ids (OQ…), single
	// tokens by their digests (`sha256:` and 64 hexadecimal digits).
	Credentials []string `json:"credentials,omitzero"`
	// Prefixes blocked or allowed for this account. A block reaches its
	// subaccounts; an allow those that inherit the channel.
	Prefixes []Prefix `json:"prefixes,omitzero"`
	// What the account may reach until a time, beside its permission sets. It reaches no
	// subaccount.
	Openings []Opening `json:"openings,omitzero"`
	// Territories that the carrier opened to this account on request.
	Approved []Approval `json:"approved,omitzero"`
	// Senders with narrower permission sets of their own, by number, short
	// code, alphanumeric sender or messaging service.
	Senders Senders `json:"senders,omitzero"`
}

// Opening is a permission with an end: of a territory or of a prefix.
type Opening struct {
	// The territory to open. Either this or prefix.
	Territory Territory `json:"territory,omitzero"`
	// The prefix to open, with "+".
	Prefix string `json:"prefix,omitzero"`
	// The channel it is for: `messaging`, which is all messages, `voice`, `whatsapp` or
	// `rcs`. Default: all.
	Channel string `json:"channel,omitzero"`
	// The risk class of calls that it opens. Default: `low_risk`.
	Class string `json:"class,omitzero"`
	// Why the opening is there. Required.
	Reason string `json:"reason,omitzero"`
	// The ticket by which it was asked for.
	Ticket string `json:"ticket,omitzero"`
	// When the opening begins: a date (at 00:00 UTC of that day) or an RFC 3339 time.
	// Default: it is in force already.
	From string `json:"from,omitzero"`
	// When the opening ends, written as from is. Required.
	Until string `json:"until,omitzero"`
	// That the risk is known, which opening a class of high risk needs, and calls to a
	// territory that the carrier opens by request: for these, it counts as an approval.
	AcknowledgeHighRisk bool `json:"acknowledge_high_risk,omitzero"`
}

// Approval records that the carrier opened a territory on request.
type Approval struct {
	Territory Territory `json:"territory,omitzero"`
	// The channel, `voice`.
	Channel string `json:"channel,omitzero"`
	// Where the approval is on record. Required.
	Reason string `json:"reason,omitzero"`
}

// Territory is the code of a territory.
type Territory string

// Territories is a list of territories; empty says "none".
type Territories []string

// Controls is a list of what an account may change of the carrier's protection;
// empty says "none".
type Controls []string

// Hosts is a list of hosts; empty says "none".
type Hosts []string

// Numbers is a list of phone numbers; empty says "none".
type Numbers []string

// At are ids of an account, by the names of the carriers.
type At map[string]string

// Senders are the permission sets of senders, by their names.
type Senders map[string]Permissions
