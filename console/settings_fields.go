package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// settingsFields are the settings that a form has fields for, as a document states them. What else
// there is, the document alone says.
type settingsFields struct {
	Texts   []settingField
	Choices []settingChoice
	// Default are the lists of accounts that state none.
	Default []listField
}

// settingField is a setting that is a text. Name is that of the member and of its texts.
type settingField struct{ Name, Text string }

// settingChoice is a setting that is one of some words; none of them if it is not stated.
type settingChoice struct {
	Name, Word string
	Words      []string
}

var (
	settingTexts   = []string{"national", "max_call"}
	settingChoices = []settingChoice{
		{Name: "stored", Words: []string{"allow", "deny"}},
		{Name: "unscoped_service", Words: []string{"allow", "deny"}},
		{Name: "messaging_special", Words: []string{"allow", "deny"}},
		{Name: "unallocated", Words: []string{"allow", "monitor", "deny"}},
	}
)

// hosts is the setting that is a list of hosts.
const hosts = "url_hosts"

// Fields are those of the document; nil if it cannot be read, or says something that no field does.
func (p *settingsPage) Fields() *settingsFields {
	var document members
	if json.Unmarshal([]byte(p.Text), &document) != nil {
		return nil
	}
	fields := new(settingsFields)
	for _, name := range settingTexts {
		text, ok := memberText(document[name])
		if !ok {
			return nil
		}
		fields.Texts = append(fields.Texts, settingField{name, text})
	}
	var listed *[]string
	if text := document[hosts]; text != nil && json.Unmarshal(text, &listed) != nil {
		return nil
	}
	fields.Texts = append(fields.Texts, settingField{hosts, listText(listed)})
	for _, choice := range settingChoices {
		// One that is stated by channel has no field: the document says it.
		if word, ok := memberText(document[choice.Name]); ok && (word == "" || slices.Contains(choice.Words, word)) {
			choice.Word = word
			fields.Choices = append(fields.Choices, choice)
		}
	}
	var lists permissionLists
	if text := document["default"]; text != nil && json.Unmarshal(text, &lists) != nil {
		return nil
	}
	fields.Default = lists.fields()
	return fields
}

// memberText is the text of a member, which is empty if it is absent. Ok is false if it is another
// value.
func memberText(member json.RawMessage) (text string, ok bool) {
	return text, member == nil || json.Unmarshal(member, &text) == nil
}

// withFields is the document with what is written into the fields of a form in place of what it
// states there. Members without a field stay as they are.
func (v *visit) withFields(document string) (string, error) {
	form := v.r.PostForm
	settings, err := readMembers([]byte(document))
	if err != nil {
		return "", err
	}
	for _, name := range settingTexts {
		settings.state(name, textOrNothing(form, name))
	}
	settings.state(hosts, writtenList(form, hosts))
	for _, choice := range settingChoices {
		if form.Has(choice.Name) { // one that is stated by channel has no field
			settings.state(choice.Name, textOrNothing(form, choice.Name))
		}
	}
	byDefault, err := readMembers(settings["default"])
	if err != nil {
		return "", err
	}
	lists, _ := v.writtenLists()
	for name, list := range lists {
		byDefault.state(name, withoutNulls(list))
	}
	settings.state("default", nil)
	if len(byDefault) > 0 {
		settings.state("default", byDefault)
	}
	text, err := json.MarshalIndent(settings, "", "  ")
	return string(text), err
}

// members are those of a document. What is not changed stays as it is written.
type members map[string]json.RawMessage

// readMembers reads a document, of which there may be none.
func readMembers(document json.RawMessage) (members, error) {
	read := make(members)
	if document == nil {
		return read, nil
	}
	if err := json.Unmarshal(document, &read); err != nil {
		return nil, &problem{Status: http.StatusUnprocessableEntity, Detail: "reading the settings: " + err.Error()}
	}
	return read, nil
}

// state states a member, or no more if there is no value.
func (m members) state(name string, value any) {
	if value == nil {
		delete(m, name)
		return
	}
	m[name], _ = json.Marshal(value) // texts, and lists of them
}

func textOrNothing(form url.Values, name string) any {
	if text := strings.TrimSpace(form.Get(name)); text != "" {
		return text
	}
	return nil
}

// withoutNulls is a value, of whose members those are left out that are not stated.
func withoutNulls(value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	stated := make(members)
	for name, member := range object {
		stated.state(name, member)
	}
	return stated
}
