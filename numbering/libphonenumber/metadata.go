package libphonenumber

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// PackageName is the package of the npm registry that the metadata are from. It has all
// patterns of libphonenumber's metadata, and follows each of its releases.
const PackageName = "libphonenumber-js"

// metadataFile is what is kept of the package: see Metadata.File.
//
//go:embed metadata.json
var metadataFile []byte

// Metadata is libphonenumber's metadata of one version, as the npm package has it
// (metadata.max.json). What it lacks is taken from the Go module: see Regions.
type Metadata struct {
	// PackageVersion is the version of the npm package, Integrity the hash that the
	// registry has of it.
	PackageVersion string `json:"package_version"`
	Integrity      string `json:"integrity"`
	// Version of libphonenumber, and the day on which the package had it.
	Version  string `json:"version"`
	Released string `json:"released"`

	tables
}

// tables are those of metadata.max.json.
type tables struct {
	// CallingCodes are the regions of each calling code, the main one first.
	CallingCodes map[string][]string `json:"country_calling_codes"`
	// Countries are rows by region, NonGeographic by the calling code of no country.
	Countries     map[string]row `json:"countries"`
	NonGeographic map[string]row `json:"nonGeographic"`
}

// formatVersion is that of metadata.max.json.
const formatVersion = 4

// row is what the package knows of one region: a list, in which 0 stands for nothing. See
// METADATA.md of the package.
type row []json.RawMessage

// formats is the place of a row for how numbers are written. Nothing here uses it.
const formats = 4

// CurrentMetadata returns the metadata that are part of the source.
func CurrentMetadata() (*Metadata, error) { return ReadFile(metadataFile) }

// ReadFile reads what File returned.
func ReadFile(file []byte) (*Metadata, error) {
	var m Metadata
	if err := json.Unmarshal(file, &m); err != nil {
		return nil, fmt.Errorf("reading the metadata: %w", err)
	}
	return &m, nil
}

// ReadPackage reads the metadata of a tarball, as "npm pack libphonenumber-js" gets it.
func ReadPackage(tarball []byte) (*Metadata, error) {
	files, err := unpack(tarball, "package/metadata.max.json", "package/package.json", "package/CHANGELOG.md")
	if err != nil {
		return nil, fmt.Errorf("reading the npm package: %w", err)
	}
	var about struct{ Name, Version string }
	if err := json.Unmarshal(files["package/package.json"], &about); err != nil {
		return nil, fmt.Errorf("reading package.json of the npm package: %w", err)
	}
	if about.Name != PackageName {
		return nil, fmt.Errorf("the npm package is %q: get %s", about.Name, PackageName)
	}
	var content struct {
		Version int
		tables
	}
	if err := json.Unmarshal(files["package/metadata.max.json"], &content); err != nil {
		return nil, fmt.Errorf("reading metadata.max.json of the npm package: %w", err)
	}
	if content.Version != formatVersion {
		return nil, fmt.Errorf("metadata.max.json of the npm package is of format %d: want %d", content.Version, formatVersion)
	}
	m := Metadata{tables: content.tables}
	sum := sha512.Sum512(tarball)
	m.PackageVersion = about.Version
	m.Integrity = "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
	if m.Version, m.Released, err = newestRelease(string(files["package/CHANGELOG.md"])); err != nil {
		return nil, fmt.Errorf("reading CHANGELOG.md of the npm package: %w", err)
	}
	for _, rows := range []map[string]row{m.Countries, m.NonGeographic} {
		for _, r := range rows {
			if len(r) > formats {
				r[formats] = json.RawMessage("0")
			}
		}
	}
	return &m, nil
}

// release is an entry of the package's change log that brings new metadata:
//
//	1.13.16 / 10.11.2026
//	===================
//
//	* Updated metadata to version 9.0.43:
var release = regexp.MustCompile(`(?m)^\S+ / (\d{1,2}\.\d{1,2}\.\d{4})\n=+\n+\* Updated metadata to version (\d+\.\d+\.\d+):`)

// newestRelease returns the version of libphonenumber of the first entry, and its day.
func newestRelease(changeLog string) (version, day string, err error) {
	found := release.FindStringSubmatch(changeLog)
	if found == nil {
		return "", "", errors.New("no entry names a version of the metadata")
	}
	date, err := time.Parse("2.1.2006", found[1])
	if err != nil {
		return "", "", fmt.Errorf("reading the day of an entry: %w", err)
	}
	return found[2], date.Format(time.DateOnly), nil
}

// unpack returns files of a gzipped tar archive. Each has to be there.
func unpack(archive []byte, names ...string) (map[string][]byte, error) {
	const limit = 64 << 20 // of what one package unpacks to
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for reader := tar.NewReader(io.LimitReader(unzipped, limit)); len(files) < len(names); {
		header, err := reader.Next()
		if err != nil {
			return nil, fmt.Errorf("%s is not all there: %w", strings.Join(names, ", "), err)
		}
		if !slices.Contains(names, header.Name) {
			continue
		}
		if files[header.Name], err = io.ReadAll(reader); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// File returns what is kept of the package: all but how numbers are written, a line for
// each region, so that the difference between two versions can be read.
func (m *Metadata) File() []byte {
	var b bytes.Buffer
	write := func(format string, values ...any) {
		for i, value := range values {
			text, err := json.Marshal(value)
			if err != nil {
				panic("libphonenumber: " + err.Error()) // texts and what was read as JSON
			}
			values[i] = text
		}
		fmt.Fprintf(&b, format, values...)
	}
	write("{\n\"package_version\": %s,\n\"integrity\": %s,\n\"version\": %s,\n\"released\": %s",
		m.PackageVersion, m.Integrity, m.Version, m.Released)
	writeMap(write, "country_calling_codes", m.CallingCodes)
	writeMap(write, "countries", m.Countries)
	writeMap(write, "nonGeographic", m.NonGeographic)
	b.WriteString("\n}\n")
	return b.Bytes()
}

func writeMap[V any](write func(string, ...any), name string, rows map[string]V) {
	write(",\n%s: {", name)
	separator := "\n"
	for _, key := range sortedKeys(rows) {
		write(separator+"%s: %s", key, rows[key])
		separator = ",\n"
	}
	write("\n}")
}

func sortedKeys[V any](rows map[string]V) []string {
	return slices.Sorted(maps.Keys(rows))
}
