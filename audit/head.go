package audit

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Head states the whole of a log at one time: how many records it had and what they hash to.
type Head struct {
	// Origin names the log. It is also the name of the key that signs its heads.
	Origin string
	Size   int64
	Root   tlog.Hash
}

// GenerateKey returns an Ed25519 key for the heads of a log: the private one that signs and the
// public one, for auditors, that verifies. The name is that of the log, such as
// gate.example.com/audit: without spaces and plus signs.
func GenerateKey(name string) (private, public string, err error) {
	private, public, err = note.GenerateKey(rand.Reader, name)
	if err == nil {
		_, err = note.NewSigner(private) // checks the name
	}
	if err != nil {
		return "", "", fmt.Errorf("generating a key for %q, whose name may have neither spaces nor plus signs: %w", name, err)
	}
	return private, public, nil
}

// SignHead writes a head as a signed note in the form of https://c2sp.org/tlog-checkpoint. The
// name of the signer is the log's origin.
func SignHead(signer note.Signer, size int64, root tlog.Hash) ([]byte, error) {
	if size < 0 {
		return nil, fmt.Errorf("signing a head of the audit log: a log cannot have %d records", size)
	}
	text, err := note.Sign(&note.Note{Text: headText(Head{signer.Name(), size, root})}, signer)
	if err != nil {
		return nil, fmt.Errorf("signing a head of the audit log: %w", err)
	}
	return text, nil
}

func headText(h Head) string {
	return fmt.Sprintf("%s\n%d\n%s\n", h.Origin, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]))
}

// OpenHead reads a signed head. One of the verifiers must have the name that the head states as
// its origin, and the signature must be by its key.
func OpenHead(text []byte, verifiers ...note.Verifier) (Head, error) {
	opened, err := note.Open(text, note.VerifierList(verifiers...))
	if err != nil {
		return Head{}, fmt.Errorf("opening a head of the audit log: %w", err)
	}
	h, err := parseHead(opened.Text)
	if err != nil {
		return Head{}, err
	}
	for _, signature := range opened.Sigs {
		if signature.Name == h.Origin {
			return h, nil
		}
	}
	return Head{}, fmt.Errorf("opening a head of the audit log: it is of the log %q, which did not sign it", h.Origin)
}

// parseHead reads the text of a head, which has one spelling only. Extension lines, which the
// form allows, are refused: the gate writes none.
func parseHead(text string) (Head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return Head{}, errors.New("opening a head of the audit log: it has other lines than origin, size and root hash")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return Head{}, fmt.Errorf("opening a head of the audit log: reading its size: %w", err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Head{}, errors.New("opening a head of the audit log: its third line is not a hash in base64")
	}
	h := Head{Origin: lines[0], Size: size, Root: tlog.Hash(root)}
	if size < 0 || headText(h) != text {
		return Head{}, errors.New("opening a head of the audit log: it is not in the form in which the gate writes heads")
	}
	return h, nil
}
