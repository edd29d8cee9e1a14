package keys

// NewSecret makes secrets without keys, many of which would take long to write.
var NewSecret = newSecret

// LockPatience is shorter in tests.
var LockPatience = &lockPatience

// Lock holds what a command holds while it writes.
func Lock(name string) (release func(), err error) { return lock(name) }

// Write writes a set as the file that it is read from.
func Write(s *Set) ([]byte, error) { return write(s.keys) }
