package access

// Action is what someone asks to do, by the name that records of the audit log have for it.
type Action string

// The actions.
const (
	Read      Action = "read"
	AuditRead Action = "audit.read"

	OpeningApprove Action = "opening.approve"

	AccountPut       Action = "account.put"
	AccountPatch     Action = "account.patch"
	AccountDelete    Action = "account.delete"
	OpeningRequest   Action = "opening.request"
	OpeningEnd       Action = "opening.end"
	SuspensionPut    Action = "suspension.put"
	SuspensionDelete Action = "suspension.delete"
	HoldRelease      Action = "hold.release"
	KeyCreate        Action = "key.create"
	KeyRevoke        Action = "key.revoke"
	BlockAdd         Action = "block.add"
	BlockDelete      Action = "block.delete"
	PolicyPush       Action = "policy.push"
	ConversionAdd    Action = "conversion.add"

	SettingsPut Action = "settings.put"
	TokenCreate Action = "token.create"
	TokenRevoke Action = "token.revoke"
	Panic       Action = "panic"
	PanicUndo   Action = "panic.undo"
	AuditForget Action = "audit.forget"
)

// Reach is what an action is about.
type Reach uint8

const (
	// OneAccount is an action that is about one account, which is asked with it. A token
	// for certain accounts may do it to these.
	OneAccount Reach = iota
	// AllAccounts is an action that is about all accounts, or about who has access. A
	// token for certain accounts may never do it, whatever account is asked with it.
	AllAccounts
)

// ActionRow is what there is to know of one action.
type ActionRow struct {
	Action Action
	// Least is the smallest role that may do it.
	Least Role
	Reach Reach
	// Meaning completes a sentence that begins with "needed to".
	Meaning string
}

// Actions has a row for every action, by role. An action without a row is denied to all.
var Actions = []ActionRow{
	{Read, Viewer, OneAccount, "read everything except secrets; without an account, that of all accounts"},
	{AuditRead, Viewer, OneAccount, "read the audit log; without an account, the whole log"},

	{OpeningApprove, Approver, OneAccount, "approve an opening that someone else requested"},

	{AccountPut, Admin, OneAccount, "create an account, or replace what is stated of it"},
	{AccountPatch, Admin, OneAccount, "change a part of what is stated of an account"},
	{AccountDelete, Admin, OneAccount, "delete an account"},
	{OpeningRequest, Admin, OneAccount, "request an opening"},
	{OpeningEnd, Admin, OneAccount, "end an opening, or take back the request for one"},
	{SuspensionPut, Admin, OneAccount, "suspend an account"},
	{SuspensionDelete, Admin, OneAccount, "resume a suspended account"},
	{HoldRelease, Admin, OneAccount, "release a hold of a limit; without an account, one that holds several"},
	{KeyCreate, Admin, OneAccount, "issue a key to an application of an account"},
	{KeyRevoke, Admin, OneAccount, "revoke a key of an account"},
	{ConversionAdd, Admin, OneAccount, "tell that a number to which an account sent was verified"},
	{BlockAdd, Admin, AllAccounts, "add a prefix rule over all accounts"},
	{BlockDelete, Admin, AllAccounts, "delete a prefix rule over all accounts"},
	// A push consists of changes that have actions of their own. Without the role for each
	// of these, it is denied as a whole.
	{PolicyPush, Admin, AllAccounts, "push a policy document; each change in it needs its own role too"},

	// One of the settings lets everything through, so they are not an admin's.
	{SettingsPut, Owner, AllAccounts, "change what is stated for all accounts"},
	{TokenCreate, Owner, AllAccounts, "create a token"},
	{TokenRevoke, Owner, AllAccounts, "revoke a token"},
	{Panic, Owner, AllAccounts, "close everything except what accounts have at home"},
	{PanicUndo, Owner, AllAccounts, "undo a panic"},
	// What is forgotten cannot be brought back, and it is said of the log, not of an account.
	{AuditForget, Owner, AllAccounts, "delete the personal fields of an account's records"},
}

// rowOf finds the row of an action.
func rowOf(action Action) (row ActionRow, ok bool) {
	for _, row := range Actions {
		if row.Action == action {
			return row, true
		}
	}
	return ActionRow{}, false
}
