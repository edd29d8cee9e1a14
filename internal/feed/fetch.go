package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Bounds of what is read, in bytes: of a list, unpacked, and of a signature.
const (
	mostText      = 16 << 20
	mostSignature = 4 << 10
)

// longestFetch bounds one attempt, whatever the other side does.
const longestFetch = time.Minute

// mostRedirects is how many an address may lead through.
const mostRedirects = 5

// Source is where a list comes from.
type Source struct {
	// Address is an https address, http for this machine alone, or empty where there is a File.
	Address string
	File    string
	// Shown is what logs and people see in place of it.
	Shown string
}

// NewSource reads an address, or the path of a file, which must be an absolute one. Written is the
// same as it was stated, with its placeholders: their values may be secret.
func NewSource(text, written string) (Source, error) {
	if !IsAddress(text) {
		return Source{File: text, Shown: written}, nil
	}
	address, err := url.Parse(text)
	if err != nil {
		return Source{}, errors.New("the address cannot be read") // it may hold a secret
	}
	if address.Host == "" {
		return Source{}, errors.New("the address has no host")
	}
	if address.Scheme != "https" && !(address.Scheme == "http" && isLoopback(address.Hostname())) {
		return Source{}, fmt.Errorf("an address begins with https://, and with http:// for this machine alone: %s:// is neither", address.Scheme)
	}
	return Source{Address: address.String(), Shown: withoutSecrets(written)}, nil
}

// IsAddress reports whether a source is an address, and not a file.
func IsAddress(text string) bool { return strings.Contains(text, "://") }

// withoutSecrets is an address without user, password and query.
func withoutSecrets(address string) string {
	address, _, _ = strings.Cut(address, "?")
	scheme, rest, stated := strings.Cut(address, "://")
	if !stated {
		return address // it begins with a placeholder
	}
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + path
}

// isLoopback reports whether a host is this machine, whatever a resolver says.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signature is where the signature of a list is.
func (s Source) signature() (Source, error) {
	if s.File != "" {
		return Source{File: s.File + signatureSuffix, Shown: s.Shown + signatureSuffix}, nil
	}
	address, err := url.Parse(s.Address)
	if err != nil {
		return Source{}, err
	}
	if address.Path += signatureSuffix; address.RawPath != "" {
		address.RawPath += signatureSuffix
	}
	return Source{Address: address.String(), Shown: s.Shown + signatureSuffix}, nil
}

// signatureSuffix is what minisign adds to the name of what it signs.
const signatureSuffix = ".minisig"

// Version says which text of a source was read, so that it is not read again.
type Version struct {
	ETag         string `json:"etag,omitzero"`
	LastModified string `json:"last_modified,omitzero"`
	// file is what a file was, and is not kept: that of another process may be another one.
	file os.FileInfo
}

// isOf reports whether a file is what it was.
func (v Version) isOf(now os.FileInfo) bool {
	return v.file != nil && os.SameFile(v.file, now) && v.file.ModTime().Equal(now.ModTime()) && v.file.Size() == now.Size()
}

// errNotModified says that the source has the version that was read.
var errNotModified = errors.New("not modified")

// fetch reads a source of at most so many bytes, unless it still has the version that was seen.
func (s Source) fetch(ctx context.Context, client *http.Client, seen Version, most int64) (text []byte, version Version, err error) {
	if s.File != "" {
		if text, version, err = s.readFile(seen, most); err != nil && !errors.Is(err, errNotModified) {
			err = errors.New(strings.ReplaceAll(err.Error(), s.File, s.Shown))
		}
		return text, version, err
	}
	ctx, cancel := context.WithTimeout(ctx, longestFetch)
	defer cancel()
	text, version, err = s.get(ctx, client, seen, most)
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = fmt.Errorf("asking %s: %w", s.Shown, failed.Err) // without the address, which may hold a secret
	}
	return text, version, withoutPort(err)
}

// withoutPort is an error without the port that a connection was from. That is another one each
// time, and a failure is logged once while it says the same.
func withoutPort(err error) error {
	failed := (*net.OpError)(nil)
	if !errors.As(err, &failed) || failed.Source == nil {
		return err
	}
	shown := *failed
	shown.Source = nil
	return errors.New(strings.ReplaceAll(err.Error(), failed.Error(), shown.Error()))
}

func (s Source) get(ctx context.Context, client *http.Client, seen Version, most int64) ([]byte, Version, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address, nil)
	if err != nil {
		return nil, Version{}, err
	}
	request.Header.Set("Accept", "text/csv, text/plain;q=0.9, */*;q=0.1")
	request.Header.Set("User-Agent", "Tollgate")
	if seen.ETag != "" {
		request.Header.Set("If-None-Match", seen.ETag)
	}
	if seen.LastModified != "" {
		request.Header.Set("If-Modified-Since", seen.LastModified)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, Version{}, err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotModified && seen != Version{}:
		return nil, seen, errNotModified
	case response.StatusCode != http.StatusOK:
		return nil, Version{}, fmt.Errorf("%s answers with status %d, not 200", s.Shown, response.StatusCode)
	case strings.Contains(strings.ToLower(response.Header.Get("Content-Type")), "html"):
		return nil, Version{}, fmt.Errorf("%s answers with a web page, not a list", s.Shown)
	}
	text, err := readAtMost(response.Body, most)
	if err == nil {
		err = ctx.Err() // a server that sees the client go may end its answer well
	}
	if err != nil {
		return nil, Version{}, fmt.Errorf("reading %s: %w", s.Shown, err)
	}
	// An answer that only the end of the connection ends looks whole wherever it is cut off.
	statesEnd := response.ContentLength >= 0 || response.ProtoMajor > 1 || len(response.TransferEncoding) > 0 || response.Uncompressed
	if !statesEnd && !EndsLine(text) {
		return nil, Version{}, fmt.Errorf("reading %s: %w", s.Shown, errCutOff)
	}
	return text, Version{ETag: response.Header.Get("ETag"), LastModified: response.Header.Get("Last-Modified")}, nil
}

// errCutOff is a text whose end may be missing: the last prefix would then have many more numbers.
var errCutOff = errors.New("its last line does not end: it may be cut off")

// EndsLine reports whether the last line of a text ends. A feed refuses a file where it does not.
func EndsLine(text []byte) bool { return len(text) == 0 || bytes.HasSuffix(text, []byte("\n")) }

// readFile reads a file, unless it is what was seen. One that changes meanwhile is an error.
func (s Source) readFile(seen Version, most int64) ([]byte, Version, error) {
	before, err := versionOf(s.File)
	if err != nil {
		return nil, Version{}, err
	}
	if seen.isOf(before.file) {
		return nil, seen, errNotModified
	}
	f, err := os.Open(s.File)
	if err != nil {
		return nil, Version{}, err
	}
	defer f.Close()
	text, err := readAtMost(f, most)
	if err != nil {
		return nil, Version{}, fmt.Errorf("reading %s: %w", s.Shown, err)
	}
	if !EndsLine(text) {
		return nil, Version{}, fmt.Errorf("reading %s: %w", s.Shown, errCutOff)
	}
	if after, err := versionOf(s.File); err != nil || !before.isOf(after.file) {
		return nil, Version{}, fmt.Errorf("reading %s: it changed while it was read: write a new file beside it, then rename it", s.Shown)
	}
	return text, before, nil
}

func versionOf(file string) (Version, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Version{}, err
	}
	if !info.Mode().IsRegular() {
		return Version{}, fmt.Errorf("%s is not a file", file)
	}
	return Version{file: info}, nil
}

func readAtMost(from io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("it has more than %d bytes", most)
	}
	return text, nil
}

// NewClient returns a client for addresses. It follows redirects to https, and on this machine to
// http from there.
func NewClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = 64 << 10
	transport.ResponseHeaderTimeout = 30 * time.Second
	return &http.Client{Transport: transport, CheckRedirect: checkRedirect}
}

func checkRedirect(to *http.Request, via []*http.Request) error {
	to.Header.Del("Referer") // it has the query, which may hold a secret
	switch from := via[0].URL; {
	case len(via) > mostRedirects:
		return fmt.Errorf("it redirects more than %d times", mostRedirects)
	case to.URL.Scheme != from.Scheme:
		return fmt.Errorf("it redirects from %s to %s", from.Scheme, to.URL.Scheme)
	case to.URL.Scheme == "http" && !isLoopback(to.URL.Hostname()):
		return errors.New("it redirects to another machine without TLS")
	}
	return nil
}
