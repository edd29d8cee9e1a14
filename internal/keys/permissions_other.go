//go:build !unix

package keys

import "os"

// exposure finds nothing: here, permissions do not say who may read.
func exposure(string) (bool, error) { return false, nil }

// refuseHardLinks finds none.
func refuseHardLinks(string) error { return nil }

// keepReaders does nothing: a new file has the readers of its folder.
func keepReaders(*os.File, string) error { return nil }

// openFlags adds nothing.
const openFlags = 0

// giveToOwner does nothing, as keepReaders.
func giveToOwner(*os.File, string) {}

// syncFolder does nothing: here, a folder cannot be synced by itself.
func syncFolder(string) error { return nil }
