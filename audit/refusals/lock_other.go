//go:build aix || (!unix && !windows)

package refusals

import "errors"

// lock fails: without a lock that ends with its process, two gates would delete what the
// other writes.
func lock(string) (func() error, error) {
	return nil, errors.New("this system has no lock that ends with the process")
}

func syncFolder(string) error { return nil }
