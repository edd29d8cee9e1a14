package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// SigningKey signs the heads of a log.
type SigningKey struct {
	Signer   note.Signer
	Verifier note.Verifier
	// Public is the key that verifies, as auditors have it.
	Public string
}

// ReadSigningKey reads the private key that GenerateKey returned.
func ReadSigningKey(private string) (*SigningKey, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, fmt.Errorf("reading the key that signs heads: %w", err)
	}
	// The form is PRIVATE+KEY+name+hash+key, and the key is the algorithm and then the seed
	// (https://pkg.go.dev/golang.org/x/mod/sumdb/note#hdr-Generating_Keys).
	parts := strings.SplitN(private, "+", 5)
	key, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(key) != 1+ed25519.SeedSize {
		return nil, errors.New("reading the key that signs heads: it is not an Ed25519 key")
	}
	public, err := note.NewEd25519VerifierKey(signer.Name(), ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("reading the key that signs heads: %w", err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return nil, fmt.Errorf("reading the key that signs heads: %w", err)
	}
	return &SigningKey{signer, verifier, public}, nil
}

// OpenSigningKey reads the key of a file, which is made with a new key of that name if it does
// not exist. Only its owner may read it.
func OpenSigningKey(file, name string) (*SigningKey, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = writeSigningKey(file, name); err == nil {
			text, err = os.ReadFile(file)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("opening the key that signs heads: %w", err)
	}
	key, err := ReadSigningKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: restore the file, or remove it for a new key", file, err)
	}
	return key, nil
}

// writeSigningKey makes a file with a new key, unless another process just did.
func writeSigningKey(file, name string) (err error) {
	private, _, err := GenerateKey(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // its mode is 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(private + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link, unlike a renamed file, replaces none.
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
