package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// verify compiles the permission sets for verifications, if they are stated.
func (c *compiler) verify(path string, v *Verify) policy.Permissions {
	if v == nil {
		return policy.Permissions{}
	}
	return c.permissions(path, (*Permissions)(v))
}

// choice compiles "allow" or "deny".
func (c *compiler) choice(path, text string) policy.Choice {
	choice, ok := policy.ParseChoice(text)
	if !ok && text != "" && !c.opaque(text) {
		word := path[strings.LastIndex(path, ".")+1:]
		c.problem(path, "unknown word %q after %q%s", c.shown(path, text), word, DidYouMean(text, choices))
	}
	return choice
}

// unallocated compiles what becomes of unallocated ranges on each channel.
func (c *compiler) unallocated(path string, u *Unallocated) (compiled [policy.ChannelCount]policy.Choice) {
	if u == nil {
		return compiled
	}
	words := [policy.ChannelCount]string{policy.Messaging: u.Messaging, policy.Voice: u.Voice}
	for channel, text := range words {
		choice, ok := policy.ParseUnallocated(text)
		isSaid := channel > 0 && text == words[channel-1] // of one word for all channels
		if at := path + "." + policy.Channel(channel).String(); !ok && text != "" && !isSaid && !c.opaque(text) {
			c.problem(at, "unknown word %q after \"unallocated\"%s", c.shown(at, text), DidYouMean(text, unallocatedChoices))
		}
		compiled[channel] = choice
	}
	return compiled
}

var unallocatedChoices = []string{policy.Allowed.String(), policy.Monitored.String(), policy.Denied.String()}

var choices = []string{policy.Allowed.String(), policy.Denied.String()}

// controls compiles what an account may change of the carrier's protection.
func (c *compiler) controls(path string, list Controls) []policy.Control {
	if list == nil {
		return nil
	}
	compiled := make([]policy.Control, 0, len(list))
	for i, name := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case slices.Contains(policy.Controls, policy.Control(name)):
			compiled = append(compiled, policy.Control(name))
		case c.opaque(name):
		case strings.EqualFold(name, "none") && len(list) == 1:
			c.problem(at, `"none" is not a group: write [] for none`)
		case strings.EqualFold(name, "none"):
			c.problem(at, `"none" must be alone: write no group with it (in JSON, none is [])`)
		default:
			c.problem(at, "unknown group %q%s", c.shown(at, name), DidYouMean(name, ControlNames()))
		}
	}
	return compiled
}

// ControlNames lists what an account may be allowed to change, as documents
// spell it.
func ControlNames() []string {
	var names []string
	for _, control := range policy.Controls {
		names = append(names, string(control))
	}
	return names
}
