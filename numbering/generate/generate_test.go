package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"
)

func TestTheAutomatonIsUpToDate(t *testing.T) {
	automaton, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	want, err := automaton.file()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../" + outputPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("it is not what the metadata and the tables make now: run go generate ./numbering")
	}
	// What is embedded is in memory for good.
	if limit := 350 * 1000; len(want) > limit {
		t.Errorf("it has %d bytes, more than %d", len(want), limit)
	}
}

func TestTheTableOfDiallingIsUpToDate(t *testing.T) {
	want, err := generateDialling()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../" + diallingPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("it is not what the metadata makes now: run go generate ./numbering")
	}
}

func TestTheVersionOfTheMetadataIsThatOfTheModule(t *testing.T) {
	modules, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := regexp.MustCompile(`github\.com/nyaruka/phonenumbers (\S+)`).FindSubmatch(modules)
	if required == nil || string(required[1]) != metadataModule {
		t.Errorf("go.mod requires %s, and the version of the metadata is given for %s: look it up in the module's CHANGELOG", required[1], metadataModule)
	}
}
