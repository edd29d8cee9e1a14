package review

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

// The parts of SARIF 2.1.0 that remarks need
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). They are few: writing
// them takes less than a library does to read.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// WriteSARIF writes remarks in the format that GitHub and others show beside the lines of a
// pull request. Paths below the directory are relative to it, as those of a repository are.
func WriteSARIF(w io.Writer, remarks []Remark, directory string) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "tollgate", InformationURI: "https://github.com/caddy-tollgate/tollgate"}},
		ColumnKind: "unicodeCodePoints", // which a position counts
		Results:    []sarifResult{},
	}
	index := make(map[RemarkCode]int)
	for i, row := range remarkCodes {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{string(row.code), sarifText{row.means}})
		index[row.code] = i
	}
	for i := range remarks {
		r := &remarks[i]
		result := sarifResult{RuleID: string(r.Code), RuleIndex: index[r.Code], Level: "warning", Message: sarifText{r.Text}}
		if r.Code == Mistake {
			result.Level = "error"
		}
		if r.File != "" {
			location := sarifPhysical{ArtifactLocation: sarifArtifact{uriOf(r.File, directory)}}
			if r.Line > 0 {
				location.Region = &sarifRegion{r.Line, r.Column}
			}
			result.Locations = []sarifLocation{{location}}
		}
		run.Results = append(run.Results, result)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// uriOf is a file as a URI: relative to the directory if it is below it.
func uriOf(file, directory string) string {
	file = relativeTo(file, directory)
	if filepath.IsAbs(file) {
		return (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	}
	return (&url.URL{Path: filepath.ToSlash(filepath.Clean(file))}).EscapedPath()
}

// relativeTo is a file relative to the directory, if it is below it.
func relativeTo(file, directory string) string {
	if !filepath.IsAbs(file) {
		return file
	}
	relative, err := filepath.Rel(directory, file)
	if err != nil || relative == ".." || strings.HasPrefix(relative, ".."+string(filepath.Separator)) {
		return file
	}
	return relative
}

// remarkCodes are all codes, with what each means.
var remarkCodes = []struct {
	code  RemarkCode
	means string
}{
	{Mistake, "The policy is not valid."},
	{OpenVoice, "Calls are permitted without url_hosts."},
	{WideRule, "A prefix rule covers several territories, or allows one as a whole."},
	{DeadRule, "A prefix rule decides nothing, or covers no listed number."},
	{NotServed, "A territory is named that the carrier does not serve."},
	{RiskyTerritory, "A territory is named that the carrier calls high risk."},
	{NotApproved, "A territory that the carrier opens by request is named where that opens it to no one."},
	{EndedRule, "A rule, a suspension, monitor or observe has ended."},
	{RCSNone, "RCS is closed, and messages by a messaging service to plain numbers with it."},
	{EmergencyPrefix, "A prefix rule looks as if it were for an emergency number."},
}
