//go:build !unix

package keys

import "os"

// keepReaders has nothing to do: a new file has the readers of its folder.
func keepReaders(*os.File, string) error { return nil }
