//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
)

// What the carrier knows the account by, which only the gate has.
const (
	carrierUser    = "SK99999999999999999999999999999999"
	carrierSecret  = "fedcba9876543210fedcba9876543210"
	secretVariable = "SOAK_CARRIER_SECRET"
)

// key is one that the gate issued.
type key struct{ SID, Secret string }

// keyName is one of those that a run has.
type keyName int

const (
	noKey keyName = iota
	keyOfAll
	keyOfMessages
	keyRevoked
	keyNames
)

// issueKeys makes a key file and the keys in it, with the commands that operators use.
func issueKeys(ctx context.Context, binary, file string) (keys [keyNames]*key, err error) {
	for _, made := range []struct {
		name    keyName
		options []string
	}{
		{keyOfAll, nil},
		{keyOfMessages, []string{"--channel", "messaging"}},
		{keyRevoked, nil},
	} {
		arguments := append([]string{"key", "create", "--keys", file, "--account", account, "--json"}, made.options...)
		output, err := exec.CommandContext(ctx, binary, arguments...).Output()
		if err != nil {
			return keys, fmt.Errorf("making a key: %w", err)
		}
		keys[made.name] = new(key)
		if err := json.Unmarshal(output, keys[made.name]); err != nil {
			return keys, fmt.Errorf("reading a key that was made: %w", err)
		}
	}
	if err := exec.CommandContext(ctx, binary, "key", "revoke", "--keys", file, keys[keyRevoked].SID).Run(); err != nil {
		return keys, fmt.Errorf("revoking a key: %w", err)
	}
	return keys, nil
}
