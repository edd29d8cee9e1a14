package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// signatureLine begins each line of a signed note that is a signature, and so its last one.
const signatureLine = "— "

// ReadHeads reads signed heads, one after another. Each must be signed by one of the verifiers.
func ReadHeads(text []byte, verifiers ...note.Verifier) (heads []Head, err error) {
	var signed []byte
	first, number := 0, 0
	for line := range bytes.Lines(text) {
		number++
		if len(signed) == 0 {
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			first = number
		}
		signed = append(signed, line...)
		if !bytes.HasPrefix(line, []byte(signatureLine)) {
			continue
		}
		head, err := OpenHead(signed, verifiers...)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", first, err)
		}
		heads, signed = append(heads, head), signed[:0]
	}
	if len(signed) > 0 {
		return nil, fmt.Errorf("line %d: the head is cut off: remove what is left of it", first)
	}
	return heads, nil
}

// SignLog signs the head that a log has now.
func SignLog(ctx context.Context, source Source, signer note.Signer) (signed []byte, head Head, err error) {
	size, err := source.Size(ctx)
	if err != nil {
		return nil, Head{}, fmt.Errorf("reading the size of the audit log: %w", err)
	}
	root, err := tlog.TreeHash(size, source)
	if err != nil {
		return nil, Head{}, fmt.Errorf("reading the root hash of the audit log: %w", err)
	}
	signed, err = SignHead(signer, size, root)
	return signed, Head{signer.Name(), size, root}, err
}

// ErrAltered is a log that is not what was signed before.
var ErrAltered = errors.New("the audit log was altered: verify it with this file")

// AppendHead signs the head of a log and appends it to a file, unless the last head in the file
// is of as many records. A log that the last head is not of is an error, and is not signed.
func AppendHead(ctx context.Context, file string, source Source, key *SigningKey) error {
	signed, head, err := SignLog(ctx, source, key.Signer)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("writing a head of the audit log: %w", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644) // it has hashes alone
	if err != nil {
		return fmt.Errorf("writing a head of the audit log: %w", err)
	}
	defer f.Close() // what was written is synced
	end, err := endOf(f)
	if err != nil {
		return fmt.Errorf("reading the last head of the audit log: %w", err)
	}
	if last, ok := lastHead(end, key.Verifier); ok {
		if err := checkExtends(source, last, head); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if last.Size == head.Size {
			return nil
		}
	}
	if len(end) > 0 && end[len(end)-1] != '\n' { // a crash cut the last one
		signed = append([]byte{'\n'}, signed...)
	}
	if _, err := f.Write(signed); err != nil {
		return fmt.Errorf("writing a head of the audit log: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("writing a head of the audit log: %w", err)
	}
	return nil
}

// checkExtends checks that a log still has what a head of before states.
func checkExtends(source Source, before, now Head) error {
	if now.Size < before.Size {
		return fmt.Errorf("the last head states %d records, and the log has %d: %w", before.Size, now.Size, ErrAltered)
	}
	root, err := tlog.TreeHash(before.Size, source)
	if err != nil {
		return fmt.Errorf("reading the root hash of the audit log: %w", err)
	}
	if root != before.Root {
		return fmt.Errorf("the last head states another root hash of %d records: %w", before.Size, ErrAltered)
	}
	return nil
}

// longestHead is longer than a head that the gate writes.
const longestHead = 4 << 10

// endOf reads the end of a file, in which the last head is.
func endOf(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, info.Size()-longestHead)
	return io.ReadAll(io.NewSectionReader(f, from, info.Size()-from))
}

// lastHead reads the last head of a text, if it is signed by the key.
func lastHead(text []byte, verifier note.Verifier) (Head, bool) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	// Origin, size, hash, an empty line and the signature, and nothing after the last line end.
	const linesOfHead = 6
	if len(lines) < linesOfHead {
		return Head{}, false
	}
	head, err := OpenHead(bytes.Join(lines[len(lines)-linesOfHead:], nil), verifier)
	return head, err == nil
}
