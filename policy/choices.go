package policy

// Choice allows or denies something, or leaves it to the next level: the
// parent of an account, and then the operator.
type Choice uint8

// The choices. Monitored is let through and recorded; only Unallocated can be.
const (
	Unstated Choice = iota
	Allowed
	Denied
	Monitored
)

var choiceNames = [...]string{"", "allow", "deny", "monitor"}

// String returns "allow", "deny", "monitor" or, where nothing is stated, "".
func (c Choice) String() string { return choiceNames[c] }

// ParseChoice reads "allow" or "deny".
func ParseChoice(s string) (Choice, bool) { return parseChoice(s, Allowed, Denied) }

// ParseUnallocated reads "allow", "monitor" or "deny".
func ParseUnallocated(s string) (Choice, bool) { return parseChoice(s, Allowed, Monitored, Denied) }

func parseChoice(s string, choices ...Choice) (Choice, bool) {
	for _, c := range choices {
		if s == c.String() {
			return c, true
		}
	}
	return Unstated, false
}

// Choices are what an account, or the operator for all of them, allows or denies
// as a whole. What is not stated is allowed, except Unallocated, which is monitored.
type Choices struct {
	// Stored is sends that name no number: they go to destinations stored before.
	Stored Choice
	// UnscopedService is sends by a messaging service that no account has stated
	// a sender's set for: which numbers are in its pool, only the carrier knows.
	UnscopedService Choice
	// MessagingSpecial is messages to numbers that may be of another class than
	// LowRisk: in messaging, no permission set tells the classes apart.
	MessagingSpecial Choice
	// Unallocated is sends on a channel to numbers in a range that no plan has assigned to
	// anyone, as far as the numbering data knows: Messaging for all messages, and Voice.
	Unallocated [ChannelCount]Choice
}

// topic is what a Choice is about.
type topic uint8

const (
	aboutStored topic = iota
	aboutUnscopedService
	aboutMessagingSpecial
	// aboutUnallocated is the first of one topic for each channel.
	aboutUnallocated
	topicCount = aboutUnallocated + topic(ChannelCount)
)

// ruling is a Choice with the words that logs name it by.
type ruling struct {
	choice Choice
	words  string
}

// newRulings compiles the choices that owner states.
func newRulings(owner string, c Choices) (rulings [topicCount]ruling) {
	state := func(about topic, name string, choice Choice) {
		if choice != Unstated {
			rulings[about] = ruling{choice, owner + " " + name + " " + choice.String()}
		}
	}
	state(aboutStored, "stored", c.Stored)
	state(aboutUnscopedService, "unscoped_service", c.UnscopedService)
	state(aboutMessagingSpecial, "messaging_special", c.MessagingSpecial)
	for channel, choice := range c.Unallocated {
		state(aboutUnallocated+topic(channel), "unallocated "+Channel(channel).String(), choice)
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
	choices := Choices{
		Stored:           inForce(aboutStored),
		UnscopedService:  inForce(aboutUnscopedService),
		MessagingSpecial: inForce(aboutMessagingSpecial),
	}
	for _, channel := range []Channel{Messaging, Voice} {
		r, _ := subject.unallocated(channel)
		choices.Unallocated[channel] = r.choice
	}
	return choices
}

// ruling finds the choice in force for the account: its own, else its parent's,
// else the operator's. The account returned is the one that states it, nil for the operator.
func (s *Subject) ruling(about topic) (*ruling, *account) {
	for i := s.account; i != nil; i = i.parent {
		if i.rulings != nil && i.rulings[about].choice != Unstated {
			return &i.rulings[about], i
		}
	}
	return &s.snapshot.rulings[about], nil
}

// unallocated finds the ruling in force on ranges that no plan has assigned, on one of the
// channels that Channel.Base returns; monitoring them is built in.
func (s *Subject) unallocated(channel Channel) (*ruling, *account) {
	r, by := s.ruling(aboutUnallocated + topic(channel))
	if r.choice == Unstated {
		return &monitorsUnallocated[channel], nil
	}
	return r, by
}

// monitorsUnallocated are the rulings on unallocated ranges where none is stated.
var monitorsUnallocated = func() (rulings [ChannelCount]ruling) {
	for channel := range ChannelCount {
		rulings[channel] = ruling{Monitored, builtIn + " unallocated " + channel.String() + " " + Monitored.String()}
	}
	return rulings
}()
