package forward

import (
	"bytes"
	"testing"
)

func TestABufferIsGivenBackWithoutTheCredentialsThatItHeld(t *testing.T) {
	buffer := []byte("Authorization: Basic c2VjcmV0\r\n")
	held := buffer
	release(&buffer)
	if len(buffer) != 0 || !bytes.Equal(held, make([]byte, len(held))) {
		t.Errorf("it holds %q", held)
	}
}
