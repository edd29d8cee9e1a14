package caddymodule_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pagingParameters select a page of a list. They stand once, with the members of meta.
var pagingParameters = []string{"PageSize", "Page", "PageToken"}

// A parameter or a field that Twilio describes, and the section of its resource lacks, fails; and
// so does one that stands there and is not described.
func TestThePageHasEveryFieldAndFilterOfTwiliosPermissionResources(t *testing.T) {
	d, err := readTwilioDescription()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/twilio-permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, fields, ok := strings.Cut(string(page), "\n## Every field and filter\n")
	if !ok {
		t.Fatal("the page has no section of every field and filter")
	}
	sections := map[string]string{} // by what stands in their headings between backquotes
	for section := range strings.SplitSeq(fields, "\n### ") {
		heading, text, _ := strings.Cut(section, "\n")
		for name := range strings.SplitSeq(heading, ", ") {
			sections[strings.Trim(name, "`")] = text
		}
	}
	described := map[string]map[string]bool{} // by sections, which several resources may have
	for path, operations := range d.Paths {
		for _, operation := range operations {
			names := slices.Clone(operation.Parameters)
			for _, response := range operation.Responses {
				names = append(names, d.fieldsOf(response.Content["application/json"].Schema)...)
			}
			for _, name := range names {
				section, isMeta := path, false
				if name, isMeta = strings.CutPrefix(name, "meta."); isMeta || slices.Contains(pagingParameters, name) {
					section = "Pages of lists"
				}
				text, ok := sections[section]
				if !ok {
					t.Fatalf("the page has no section of %s", section)
				}
				if described[text] == nil {
					described[text] = map[string]bool{}
				}
				described[text][name] = true
			}
		}
	}
	for heading, text := range sections {
		names := namesIn(text)
		for name := range described[text] {
			if !slices.Contains(names, name) {
				t.Errorf("%s of %s is not on the page", name, heading)
			}
		}
		for _, name := range names {
			if !described[text][name] {
				t.Errorf("%s of %s is on the page, and Twilio does not describe it", name, heading)
			}
		}
	}
}

// namesIn are those that stand in the first column of tables.
func namesIn(section string) (names []string) {
	for _, row := range regexp.MustCompile(`(?m)^\| (`+"`"+`[^|]*) \|`).FindAllStringSubmatch(section, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			names = append(names, name[1])
		}
	}
	return names
}

// fieldsOf are the names of an answer's fields: those of the items of a list, and those of a page
// with "meta." before them.
func (d *twilioDescription) fieldsOf(schema map[string]any) (names []string) {
	properties, _ := d.asJSONSchema(schema)["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property := properties[name].(map[string]any)
		items, isList := property["items"].(map[string]any)
		switch members, isListOfObjects := items["properties"].(map[string]any); {
		case isList && isListOfObjects:
			names = append(names, slices.Sorted(maps.Keys(members))...)
		case name == "meta":
			for member := range property["properties"].(map[string]any) {
				names = append(names, "meta."+member)
			}
		default:
			names = append(names, name)
		}
	}
	return names
}
