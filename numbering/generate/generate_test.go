package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering/libphonenumber"
)

func TestTheAutomatonIsUpToDate(t *testing.T) {
	automaton, err := generate(currentMetadata(t))
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
	want, err := generateDialling(currentMetadata(t))
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

func TestTheTableOfTimeZonesIsUpToDate(t *testing.T) {
	want, err := generateZones()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../" + zonesPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("it is not what the module makes now: run go generate ./numbering")
	}
}

// currentMetadata returns the metadata of the source.
func currentMetadata(t *testing.T) *libphonenumber.Metadata {
	t.Helper()
	metadata, err := libphonenumber.CurrentMetadata()
	if err != nil {
		t.Fatal(err)
	}
	return metadata
}
