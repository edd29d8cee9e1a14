package policy

// Step is one thing that a verdict looked at. Level and Text read as one
// sentence: `operator` `has no messaging rule for +14155550100`.
type Step struct {
	Name StepName `json:"name"`
	// Level is whose statement was looked at: "operator", "account AC…",
	// "parent AC…", "default", "built in", "sender +1…". It is empty where it
	// is no one's.
	Level string `json:"level,omitempty"`
	// Number that it is about as "+" and E.164 digits, or empty.
	Number  string  `json:"number,omitempty"`
	Outcome Finding `json:"outcome"`
	Text    string  `json:"text"`
	// Decides is true for the one step that the verdict rests on.
	Decides bool `json:"decides,omitempty"`
	// Limit is that of a limit's step, with how full it is.
	Limit *LimitUse `json:"limit,omitempty"`

	// Rule is the prefix rule, and Opening the opening, that the step found at its level: by
	// them, it is found where that is stated.
	Rule    *Rule    `json:"-"`
	Opening *Opening `json:"-"`
}

// LimitUse is how full a limit is for one send.
type LimitUse struct {
	Name string `json:"name"`
	// Used is how much of what it allows now was used before the send, in its unit, and Share
	// the same as a part of 1. They are empty where that is not known.
	Used    string  `json:"used,omitempty"`
	Allowed string  `json:"allowed,omitempty"`
	Share   float64 `json:"share,omitempty"`
	// Hold is the ID of the hold that refuses the send, or that it is half open after.
	Hold string `json:"hold,omitempty"`
}

// StepName says which step of the verdict a Step or a reason belongs to. The values are
// an interface: programs read them.
type StepName string

// The steps, in the order of the verdict. Those from StepDestination to StepSender are
// taken for each number that the destination can mean, and where one of a
// number's territories is enough, for each of them. StepExistence is of a send that these
// deny, and comes once behind them. StepPrice comes once, of a send that they do not deny. StepControl, StepStored and StepURL
// are of what has no destination: no trace has them. StepLimit comes last, of a send that
// nothing else denies, with StepMaxCall behind it of a call.
const (
	StepAccount       StepName = "account"
	StepControl       StepName = "control"
	StepStored        StepName = "stored"
	StepDestination   StepName = "destination"
	StepPrefix        StepName = "prefix"
	StepPanic         StepName = "panic"
	StepUnsupported   StepName = "unsupported"
	StepByRequest     StepName = "by_request"
	StepPermissionSet StepName = "permission_set"
	StepTrial         StepName = "trial"
	StepSender        StepName = "sender"
	StepExistence     StepName = "existence"
	StepPrice         StepName = "price"
	StepURL           StepName = "url"
	StepLimit         StepName = "limit"
	StepMaxCall       StepName = "max_call"
)

// Finding is what came of one step.
type Finding string

// The findings.
const (
	// Passes says that nothing denies the send here.
	Passes Finding = "passes"
	// Denies says that it goes no further. Where one of several territories is
	// enough, the next one may.
	Denies Finding = "denies"
	// Allows says that this is what permits the send, if no later step denies.
	Allows Finding = "allows"
	// Records says that the send is recorded here and let through, if no later step denies.
	Records Finding = "records"
	// StatesNothing says that this level states nothing about it.
	StatesNothing Finding = "states_nothing"
)
