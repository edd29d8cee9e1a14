package console

import "net/url"

// verificationsPage is what the page of the lists for verifications shows.
type verificationsPage struct {
	accountPart
	Lists []listField
	// InForce are the territories to which codes may go now, by channel. The account itself, its
	// parent or the operator states that.
	InForce []reachedList
}

// reachedList are the territories that an account reaches on a channel now.
type reachedList struct {
	Channel string
	Codes   []string
	// More is how many there are besides.
	More int
}

// mostCodes is how many territories of a list in force are named.
const mostCodes = 30

// verifications shows the lists of an account for codes that the carrier itself sends.
func verifications(v *visit) (page, error) {
	part, err := v.part("verifications")
	if err != nil {
		return page{}, err
	}
	shown := &verificationsPage{accountPart: part, Lists: part.Account.Verify.fields()}
	for _, channel := range channels {
		reached, err := v.verified(channel)
		if err != nil {
			return page{}, err
		}
		shown.InForce = append(shown.InForce, reached)
	}
	return page{template: "verifications", title: v.text("verifications.title"), data: shown}, nil
}

// verified are the territories to which codes may go on a channel.
func (v *visit) verified(channel string) (reachedList, error) {
	var found struct {
		Territories []struct {
			Territory, Class string
		} `json:"territories"`
	}
	query := url.Values{"account": {v.r.PathValue("id")}, "channel": {channel}, "verification": {"true"}}
	if channel == "voice" {
		query.Set("class", noClass)
	}
	err := v.get(&found, "/effective", query)
	list := reachedList{Channel: channel, More: max(len(found.Territories)-mostCodes, 0)}
	for _, t := range found.Territories[:min(len(found.Territories), mostCodes)] {
		list.Codes = append(list.Codes, t.Territory)
	}
	return list, err
}

// previewVerifications shows what other lists for verifications would open and close.
func previewVerifications(v *visit) (page, error) {
	lists, isStated := v.writtenLists()
	if !isStated {
		return v.previewPatch(map[string]any{"verify": nil}, "verifications")
	}
	return v.previewPatch(map[string]any{"verify": lists}, "verifications")
}
