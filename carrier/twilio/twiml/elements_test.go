package twiml

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The library's source has a type of each element, with a field of each
// attribute.
var (
	libraryType  = regexp.MustCompile(`(?s)type (\w+) struct \{(.*?)\n\}`)
	libraryField = regexp.MustCompile(`(?m)^\s+(\w+)\s+string$`)
	libraryAttr  = regexp.MustCompile(`(?s)func \(m (\w+)\) GetAttr\(\).*?\n\}`)
	libraryKey   = regexp.MustCompile(`"(\w+)":`)
	libraryName  = regexp.MustCompile(`func \(m (\w+)\) GetName\(\) string \{\s+return "(\w+)"`)
)

// TestEveryElementOfTheLibraryIsInTheTable compares the table with Twilio's library for
// Go: its elements, and their attributes that name a destination, a sender or an
// address.
func TestEveryElementOfTheLibraryIsInTheTable(t *testing.T) {
	directory, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/twilio/twilio-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	elementsSeen := 0
	for _, file := range []string{"voice_response.go", "messaging_response.go"} {
		source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(directory)), "twiml", file))
		if err != nil {
			t.Fatal(err)
		}
		fields := make(map[string]string)
		for _, match := range libraryType.FindAllStringSubmatch(string(source), -1) {
			fields[match[1]] = match[2]
		}
		attributes := make(map[string][][]string)
		for _, match := range libraryAttr.FindAllStringSubmatch(string(source), -1) {
			attributes[match[1]] = libraryKey.FindAllStringSubmatch(match[0], -1)
		}
		for _, match := range libraryName.FindAllStringSubmatch(string(source), -1) {
			elementsSeen++
			element := exactly[match[2]]
			if element == nil {
				t.Errorf("<%s> is in no row", match[2])
				continue
			}
			for _, key := range attributes[match[1]] {
				name := strings.ToLower(key[1][:1]) + key[1][1:]
				switch name {
				case "for_":
					name = "for"
				case "interpretAs":
					name = "interpret-as"
				case "to", "xmlLang": // a destination; xml:lang, a word of letters
					continue
				}
				if !settings[name] && !lists(strings.Join([]string{element.senders, element.instructions, element.resources, element.free}, " "), name) {
					t.Errorf("<%s>: %s is in no list", match[2], name)
				}
			}
			for _, field := range libraryField.FindAllStringSubmatch(fields[match[1]], -1) {
				name := strings.ToLower(field[1][:1]) + field[1][1:]
				isText := name == "sipUrl" || name == "url" && element.text == resource || name == "url" && element.text == instructions
				isURL := strings.HasSuffix(name, "Url") || strings.HasSuffix(name, "Callback") || name == "url" || name == "action"
				if isURL && !isText && !lists(element.instructions, name) && !lists(element.resources, name) {
					t.Errorf("<%s>: %s is an address", match[2], name)
				}
				if (name == "callerId" || name == "from") && !lists(element.senders, name) {
					t.Errorf("<%s>: %s is a sender", match[2], name)
				}
				if name == "to" && !element.messages {
					t.Errorf("<%s> sends messages", match[2])
				}
			}
		}
	}
	if elementsSeen < 60 {
		t.Errorf("%d elements in the library", elementsSeen)
	}
}

// nodeNames are the elements whose attributes the library for Node declares under
// another name.
var nodeNames = map[string]string{
	"SipUri": "Uri", "SsmlBreak": "break", "SsmlEmphasis": "emphasis", "SsmlLang": "lang", "SsmlPhoneme": "phoneme",
	"SsmlProsody": "prosody", "SsmlSayAs": "say-as", "SsmlSub": "sub", "SsmlW": "w",
}

// The table knows every element and attribute of Twilio's library for Node, which is
// ahead of the one for Go.
func TestEveryAttributeOfTheLibraryForNodeIsInAList(t *testing.T) {
	content, err := os.ReadFile("testdata/libraries/node.attributes.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(content)) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "#" {
			continue
		}
		seen++
		if other, ok := nodeNames[name]; ok {
			name = other
		}
		element := exactly[name]
		if element == nil {
			t.Errorf("<%s> is in no row", name)
			continue
		}
		for attribute := range strings.SplitSeq(list, ",") {
			known := attribute == "to" || attribute == "xml:lang" || settings[attribute] ||
				lists(strings.Join([]string{element.senders, element.instructions, element.resources, element.free}, " "), attribute)
			isURL := strings.HasSuffix(attribute, "Url") || strings.HasSuffix(attribute, "Callback") || attribute == "url" || attribute == "action"
			if !known || isURL && !lists(element.instructions+" "+element.resources, attribute) {
				t.Errorf("<%s>: %s is in no list", name, attribute)
			}
		}
	}
	if seen < 45 {
		t.Errorf("%d elements in the library", seen)
	}
}

func TestRowsAgree(t *testing.T) {
	for _, e := range elements {
		if e.source == "" {
			t.Errorf("<%s> has no source", e.name)
		}
		if e.messages && !e.verb {
			t.Errorf("<%s> sends, and is not a verb", e.name)
		}
		if e.noun && e.text != free && e.text != identifier {
			t.Errorf("<%s> is an exception in <Dial>, and its text is not", e.name)
		}
		for _, one := range []string{e.senders, e.instructions, e.resources, e.free} {
			for name := range strings.FieldsSeq(one) {
				if settings[name] {
					t.Errorf("<%s>: %s is a setting as well", e.name, name)
				}
				count := 0
				for _, other := range []string{e.senders, e.instructions, e.resources, e.free} {
					if lists(other, name) {
						count++
					}
				}
				if count != 1 {
					t.Errorf("<%s>: %s is in %d lists", e.name, name, count)
				}
			}
		}
	}
}

// A setting is not a destination, however many digits it has, if it has Twilio's exact
// spelling.
func TestSettingsWithManyDigitsAreNoNumbers(t *testing.T) {
	for _, document := range []string{
		`<Pay chargeAmount="10000000.00"/>`, `<Pay postalCode="94105-1234"/>`, `<Pay timeout="998912345678"/>`,
		`<Connect><Assistant id="aia_asst_1b2c3d4e-998912345678"/></Connect>`,
		`<Enqueue workflowSid="WW00000000000000000000998912345678">a</Enqueue>`,
		`<Dial timeLimit="998912345678"><Client>a</Client></Dial>`,
	} {
		d, err := Read([]byte(document))
		if err != nil || len(d.Sends) > 0 {
			t.Errorf("%s: %+v, %v", document, d, err)
		}
	}
	for _, document := range []string{`<pay chargeAmount="+998912345678"/>`, `<Pay x:chargeAmount="+998912345678" xmlns:x="u"/>`, `<Pay ChargeAmount="+998912345678"/>`} {
		if d, err := Read([]byte(document)); err != nil || len(d.Sends) == 0 {
			t.Errorf("%s: nothing is found, %v", document, err)
		}
	}
}
