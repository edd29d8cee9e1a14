//go:build !unix

package keys

import "os"

// exposure finds nothing: here, permissions do not tell who may read.
func exposure(string) (bool, error) { return false, nil }

// refuseHardLinks finds none.
func refuseHardLinks(string) error { return nil }

// keepReaders has nothing to do: a new file has the readers of its folder.
func keepReaders(*os.File, string) error { return nil }

// openFlags has nothing to add.
const openFlags = 0

// giveToOwner has nothing to do, as keepReaders.
func giveToOwner(*os.File, string) {}

// syncFolder has nothing to do: here, a folder cannot be synced by itself.
func syncFolder(string) error { return nil }
