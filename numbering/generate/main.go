package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/nyaruka/phonenumbers"

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
	flag.Parse()
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
	return nil
}

// takeMetadata replaces the metadata of the source by those of an npm package.
func takeMetadata(tarball string) error {
	packed, err := os.ReadFile(tarball)
	if err != nil {
		return fmt.Errorf("reading the npm package: %w", err)
	}
	metadata, err := libphonenumber.ReadPackage(packed)
	if err != nil {
		return err
	}
	if err := os.WriteFile(metadataPath, metadata.File(), 0o644); err != nil {
		return fmt.Errorf("writing the metadata: %w", err)
	}
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
