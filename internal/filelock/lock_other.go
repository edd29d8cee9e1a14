//go:build aix || (!unix && !windows)

package filelock

import (
	"errors"
	"os"
)

// Try fails: without a lock that ends with its process, what two processes write at once
// would be lost.
func Try(*os.File) (bool, error) {
	return false, errors.New("this system has no lock that ends with the process")
}
