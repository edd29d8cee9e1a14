package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"

	"github.com/nyaruka/phonenumbers"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/numbering/libphonenumber"
)

// Where the metadata are and the automaton goes, from the folder of package numbering.
const (
	metadataPath = "libphonenumber/metadata.json"
	outputPath   = "automaton.bin"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	from := flag.String("from", "", "take the metadata from `TARBALL`, as \"npm pack "+libphonenumber.PackageName+"\" gets it")
	out := flag.String("out", "", "write a data file for the option numbering to `FILE`, and leave the source as it is")
	flag.Parse()
	if *out != "" {
		return writeData(*from, *out)
	}
	if *from != "" {
		if err := takeMetadata(*from); err != nil {
			return err
		}
	}
	metadata, err := readMetadata()
	if err != nil {
		return err
	}
	automaton, err := generate(metadata)
	if err != nil {
		return err
	}
	file, err := automaton.file()
	if err != nil {
		return err
	}
	if err := os.WriteFile(outputPath, file, 0o644); err != nil {
		return fmt.Errorf("writing the automaton: %w", err)
	}
	fmt.Printf("%s: libphonenumber %s, %d nodes, %d bytes\n", outputPath, metadata.Version, len(automaton.nodes), len(file))
	dialling, err := generateDialling(metadata)
	if err != nil {
		return err
	}
	if err := os.WriteFile(diallingPath, dialling, 0o644); err != nil {
		return fmt.Errorf("writing the table of dialling: %w", err)
	}
	zones, err := generateZones()
	if err != nil {
		return err
	}
	if err := os.WriteFile(zonesPath, zones, 0o644); err != nil {
		return fmt.Errorf("writing the table of time zones: %w", err)
	}
	return nil
}

// takeMetadata replaces the metadata of the source by those of an npm package.
func takeMetadata(tarball string) error {
	metadata, err := readPackage(tarball)
	if err != nil {
		return err
	}
	if err := os.WriteFile(metadataPath, metadata.File(), 0o644); err != nil {
		return fmt.Errorf("writing the metadata: %w", err)
	}
	return nil
}

// readPackage reads the metadata of an npm package.
func readPackage(tarball string) (*libphonenumber.Metadata, error) {
	packed, err := os.ReadFile(tarball)
	if err != nil {
		return nil, fmt.Errorf("reading the npm package: %w", err)
	}
	return libphonenumber.ReadPackage(packed)
}

// writeData writes the data file of an npm package, or of the metadata of the source where
// none is given. A file that a gate would refuse is not written.
func writeData(tarball, out string) error {
	metadata, err := libphonenumber.CurrentMetadata()
	if tarball != "" {
		metadata, err = readPackage(tarball)
	}
	if err != nil {
		return err
	}
	automaton, err := generate(metadata)
	if err != nil {
		return err
	}
	content, err := automaton.file()
	if err != nil {
		return err
	}
	file := numbering.DataFile(content)
	data, err := numbering.ReadDataFile(file)
	if err != nil {
		return fmt.Errorf("reading what was made: %w", err)
	}
	if err := data.CheckSince(numbering.BuiltIn()); err != nil {
		return fmt.Errorf("a gate would refuse the data: %w", err)
	}
	// Renamed into place, so that a gate that watches the file never reads half of it.
	if err := os.WriteFile(out+".new", file, 0o644); err != nil {
		return fmt.Errorf("writing the data: %w", err)
	}
	if err := os.Rename(out+".new", out); err != nil {
		return fmt.Errorf("writing the data: %w", err)
	}
	fmt.Printf("%s: libphonenumber %s of %s, SHA-256 %x\n", out, metadata.Version, metadata.Released, sha256.Sum256(file))
	return nil
}

// readMetadata reads the metadata of the source as they are now.
func readMetadata() (*libphonenumber.Metadata, error) {
	file, err := os.ReadFile(metadataPath)
	if err != nil {
		return nil, fmt.Errorf("reading the metadata: %w", err)
	}
	return libphonenumber.ReadFile(file)
}

// generate compiles the plan.
func generate(metadata *libphonenumber.Metadata) (*automaton, error) {
	regions, err := metadata.Regions()
	if err != nil {
		return nil, fmt.Errorf("reading the metadata of libphonenumber: %w", err)
	}
	return compile(regions, metadata.Version, metadata.Released)
}

// compile compiles the plan of regions, the main one of each calling code first.
func compile(regions []*phonenumbers.PhoneMetadata, version, released string) (*automaton, error) {
	codes, err := readPlan(regions)
	if err != nil {
		return nil, err
	}
	automaton := newAutomaton()
	automaton.version, automaton.released = version, released
	for _, code := range codes {
		automaton.ahead = append(automaton.ahead, code.ahead()...)
		automaton.add(code.digits, newSubset(code, automaton).root())
	}
	automaton.finish()
	return automaton, nil
}
