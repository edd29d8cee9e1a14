package taskrouter

import (
	"bytes"

	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// Instruction is what an answer to an assignment callback tells TaskRouter to do
// (https://www.twilio.com/docs/taskrouter/handle-assignment-callbacks).
type Instruction struct {
	// Named says that the document names an instruction. TaskRouter ignores documents
	// that do not (https://www.twilio.com/docs/api/errors/40005).
	Named bool
	// Called are the addresses to call, as written.
	Called []string
	// Supervisors are SIDs, or addresses to call.
	Supervisors []string
	// Senders that it names.
	Senders []string
	// Addresses are the URLs that Twilio will ask for instructions for a call.
	Addresses []string
	// ReachesWorker says that it calls the address in the attributes of the worker or
	// the task, unless it states one itself.
	ReachesWorker bool
}

// The members of an instruction. Those of "call", "dequeue", "conference" and "redirect"
// are the parameters of the same operations in the API, without the prefix that names the
// instruction; with it they count too
// (https://www.twilio.com/docs/taskrouter/api/reservations).
var (
	calledMembers     = []string{"to", "call_to", "dequeue_to"}
	supervisorMembers = []string{"supervisor"}
	senderMembers     = []string{"from", "call_from", "dequeue_from"}
	addressMembers    = []string{"url", "call_url", "redirect_url", "wait_url"}
)

// reaching are the instructions that call the worker, or the address in the task.
var reaching = []string{"call", "dequeue", "conference", "supervise"}

// ReadAttributes lists the addresses that Twilio dials from the attributes of a task or
// a worker.
func ReadAttributes(document string) (dialled []string, err error) {
	members, err := params.JSON([]byte(document), IsDialled, nil)
	for i := range members {
		dialled = append(dialled, members[i].Value)
	}
	return dialled, err
}

// LooksLikeJSON reports whether a text may be a JSON object or list, in any encoding.
func LooksLikeJSON(text []byte) bool {
	text = bytes.TrimLeft(text, "\x00 \t\r\n\v\f\xef\xbb\xbf\xfe\xff")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// MentionsInstruction reports whether a text that does not look like JSON may be an
// instruction to a reader that accepts more than is documented, such as a form, or JSON
// that is encoded twice.
func MentionsInstruction(text []byte) bool {
	return bytes.Contains(bytes.ToLower(text), []byte("instruction"))
}

// ReadInstruction reads an instruction. Members count at any depth, in any spelling, and
// each as often as it occurs. The error is params.ErrUndecodable or params.ErrTooMany.
func ReadInstruction(document []byte) (*Instruction, error) {
	members, err := params.JSON(document, func(string) bool { return true }, nil)
	if err != nil {
		return nil, err
	}
	found := new(Instruction)
	for i := range members {
		m := &members[i]
		switch {
		case m.Value == "":
		case isIn(calledMembers, m.Name), IsDialled(m.Name):
			found.Called = append(found.Called, m.Value)
		case isIn(supervisorMembers, m.Name):
			found.Supervisors = append(found.Supervisors, m.Value)
		case isIn(senderMembers, m.Name):
			found.Senders = append(found.Senders, m.Value)
		case isIn(addressMembers, m.Name):
			found.Addresses = append(found.Addresses, m.Value)
		case isName(m.Name, "instruction"):
			found.Named = true
			found.ReachesWorker = found.ReachesWorker || isIn(reaching, m.Value)
		}
	}
	return found, nil
}

func isIn(names []string, name string) bool {
	for _, n := range names {
		if isName(name, n) {
			return true
		}
	}
	return false
}
