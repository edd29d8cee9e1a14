package clients_test

import (
	"regexp"
	"strings"
	"testing"
)

// messagePrograms send a message, in each language whose library can be had
// here.
var messagePrograms = map[string]program{
	"go":     goProgram("message"),
	"node":   nodeProgram("message"),
	"python": pythonProgram("message"),
}

// verifyPrograms start a verification, with a client that keeps the Host.
var verifyPrograms = map[string]program{
	"go":     goProgram("verify"),
	"node":   nodeProgram("verify"),
	"python": pythonProgram("verify"),
}

var messageSID = regexp.MustCompile(`^SM[0-9a-f]{32}$`)

// requireMessages fails unless a program prints the SID of a message that may be
// sent, and the code and text of the refusal of one that may not.
func requireMessages(t *testing.T, command []string, environment ...string) {
	t.Helper()
	if output, ok := run(t, command, inUS, environment...); !ok || !messageSID.MatchString(output) {
		t.Errorf("a message that may be sent: %s", output)
	}
	if output, ok := run(t, command, inUZ, environment...); ok || !refusedMessage.in(output) {
		t.Errorf("a message that may not be sent: %s", output)
	}
}

func TestClientsSendMessagesByBaseURL(t *testing.T) {
	gate, _ := startQuickstart(t)
	for language, program := range messagePrograms {
		t.Run(language, func(t *testing.T) { requireMessages(t, program(t), "TOLLGATE="+gate) })
	}
}

// The same gate serves another product where the client keeps the Host. The
// sandbox has no verifications: that it says so shows that the request passed.
func TestClientsThatKeepTheHostReachAllProducts(t *testing.T) {
	gate, _ := startQuickstart(t)
	for language, program := range verifyPrograms {
		t.Run(language, func(t *testing.T) {
			command := program(t)
			if output, ok := run(t, command, inUZ, "TOLLGATE="+gate); ok || !refusedVerification.in(output) {
				t.Errorf("a verification that may not be sent: %s", output)
			}
			if output, ok := run(t, command, inUS, "TOLLGATE="+gate); ok || !strings.HasPrefix(output, "20404 ") {
				t.Errorf("a verification that may be sent: %s", output)
			}
		})
	}
}
