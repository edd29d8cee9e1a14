package policy

// Choice allows or denies something, or leaves it to the next level: the
// parent of an account, and then the operator.
type Choice uint8

// The choices.
const (
	Unstated Choice = iota
	Allowed
	Denied
)

var choiceNames = [...]string{"", "allow", "deny"}

// String returns "allow", "deny" or, where nothing is stated, "".
func (c Choice) String() string { return choiceNames[c] }

// ParseChoice reads "allow" or "deny".
func ParseChoice(s string) (Choice, bool) {
	for _, c := range []Choice{Allowed, Denied} {
		if s == c.String() {
			return c, true
		}
	}
	return Unstated, false
}

// Choices are what an account, or the operator for all of them, allows or denies
// as a whole. What is not stated is allowed.
type Choices struct {
	// Stored is sends that name no number: they go to destinations stored before.
	Stored Choice
	// UnscopedService is sends by a messaging service that no account has stated
	// a sender's set for: which numbers are in its pool, only the carrier knows.
	UnscopedService Choice
	// MessagingSpecial is messages to numbers that may be of another class than
	// LowRisk: in messaging, no permission set tells the classes apart.
	MessagingSpecial Choice
}

// topic is what a Choice is about.
type topic uint8

const (
	aboutStored topic = iota
	aboutUnscopedService
	aboutMessagingSpecial
	topicCount
)

// ruling is a Choice with the words that logs name it by.
type ruling struct {
	choice Choice
	words  string
}

// newRulings compiles the choices that owner states.
func newRulings(owner string, c Choices) (rulings [topicCount]ruling) {
	for topic, stated := range [topicCount]struct {
		name   string
		choice Choice
	}{
		aboutStored:           {"stored", c.Stored},
		aboutUnscopedService:  {"unscoped_service", c.UnscopedService},
		aboutMessagingSpecial: {"messaging_special", c.MessagingSpecial},
	} {
		if stated.choice != Unstated {
			rulings[topic] = ruling{stated.choice, owner + " " + stated.name + " " + stated.choice.String()}
		}
	}
	return rulings
}

// Choices returns what is allowed and denied for an account, at whatever level that is
// stated.
func (s *Snapshot) Choices(account CarrierAccount) Choices {
	subject := s.SubjectOf(account)
	inForce := func(about topic) Choice {
		if r, _ := subject.ruling(about); r.choice == Denied {
			return Denied
		}
		return Allowed
	}
	return Choices{
		Stored:           inForce(aboutStored),
		UnscopedService:  inForce(aboutUnscopedService),
		MessagingSpecial: inForce(aboutMessagingSpecial),
	}
}

// ruling finds the choice in force for the account: its own, else its parent's,
// else the operator's. The account returned is the one that states it, nil for the operator.
func (s *Subject) ruling(about topic) (*ruling, *account) {
	for i := s.account; i != nil; i = i.parent {
		if r := &i.rulings[about]; r.choice != Unstated {
			return r, i
		}
	}
	return &s.snapshot.rulings[about], nil
}
