package main

import (
	"fmt"
	"os"
)

// Version and day of libphonenumber's metadata within the module
// github.com/nyaruka/phonenumbers v1.8.1, by its CHANGELOG: "regenerated against
// upstream libphonenumber 9.0.32-SNAPSHOT" for v1.8.0 of this day.
const (
	metadataModule  = "v1.8.1"
	metadataVersion = "9.0.32"
	metadataDay     = "2026-06-01"
)

// outputPath is where the automaton goes, from the folder of package numbering.
const outputPath = "automaton.bin"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	automaton, err := generate()
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
	fmt.Printf("%s: %d nodes, %d bytes\n", outputPath, len(automaton.nodes), len(file))
	dialling, err := generateDialling()
	if err != nil {
		return err
	}
	if err := os.WriteFile(diallingPath, dialling, 0o644); err != nil {
		return fmt.Errorf("writing the table of dialling: %w", err)
	}
	return nil
}

// generate compiles the plan.
func generate() (*automaton, error) {
	codes, err := readPlan()
	if err != nil {
		return nil, err
	}
	automaton := newAutomaton()
	for _, code := range codes {
		automaton.ahead = append(automaton.ahead, code.ahead()...)
		automaton.add(code.digits, newSubset(code, automaton).root())
	}
	automaton.finish()
	return automaton, nil
}
