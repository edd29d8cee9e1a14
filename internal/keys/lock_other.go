//go:build aix || (!unix && !windows)

package keys

import (
	"errors"
	"os"
)

// tryLock fails: without a lock that ends with its process, one of two changes at
// the same time would be lost.
func tryLock(*os.File) (bool, error) {
	return false, errors.New("this system has no lock that ends with the process: change the key file on another machine, and copy it")
}
