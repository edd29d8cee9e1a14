package console

import (
	"maps"
	"slices"
)

// sendersPage is what the page of the senders of an account shows.
type sendersPage struct {
	accountPart
	Senders []senderRow
	// Sender is the one whose lists are in the form, and IsKnown that it has some already.
	Sender  string
	IsKnown bool
	Lists   []listField
}

// senderRow is a sender with the lists that it states.
type senderRow struct {
	Name  string
	Lists []listField
}

// senders shows the senders of an account that have narrower lists of their own.
func senders(v *visit) (page, error) {
	shown, err := v.senders(v.r.URL.Query().Get("sender"))
	return v.sendersPage(shown), err
}

func (v *visit) senders(chosen string) (*sendersPage, error) {
	part, err := v.part("senders")
	if err != nil {
		return nil, err
	}
	shown := &sendersPage{accountPart: part}
	for _, name := range slices.Sorted(maps.Keys(part.Account.Senders)) {
		lists := part.Account.Senders[name]
		shown.Senders = append(shown.Senders, senderRow{name, lists.fields()})
	}
	lists, isKnown := part.Account.Senders[chosen]
	if shown.IsKnown = isKnown; isKnown {
		shown.Sender = chosen
	}
	shown.Lists = lists.fields()
	return shown, nil
}

func (v *visit) sendersPage(shown *sendersPage) page {
	return page{template: "senders", title: v.text("senders.title"), data: shown}
}

// previewSender shows what the lists of a sender would open and close, or their end.
func previewSender(v *visit) (page, error) {
	name := v.field("sender")
	lists, isStated := v.writtenLists()
	var stated any = lists
	if v.field("delete") != "" {
		stated = nil
	}
	if name == "" || stated != nil && !isStated {
		shown, err := v.senders(name)
		if err != nil {
			return page{}, err
		}
		shown.Sender = name
		text := "senders.lists_missing"
		if name == "" {
			text = "senders.name_missing"
		}
		for i := range shown.Lists {
			shown.Lists[i].Text = v.field(shown.Lists[i].Name)
		}
		return shown.wrong(v.sendersPage(shown), v.text(text)), nil
	}
	return v.previewPatch(map[string]any{"senders": map[string]any{name: stated}}, "senders")
}
