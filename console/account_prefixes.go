package console

import (
	"encoding/json"
	"strconv"
)

// accountPrefixesPage is what the page of the prefix rules of an account shows.
type accountPrefixesPage struct {
	accountPart
	Rules []prefixRule
	// Form is the rule that is written.
	Form   prefixRule
	Except string
	// Blocks says that it is one that blocks.
	Blocks bool
}

// accountPrefixes shows the prefix rules of an account.
func accountPrefixes(v *visit) (page, error) {
	shown, err := v.accountPrefixes()
	return v.accountPrefixesPage(shown), err
}

func (v *visit) accountPrefixes() (*accountPrefixesPage, error) {
	part, err := v.part("prefixes")
	if err != nil {
		return nil, err
	}
	shown := &accountPrefixesPage{accountPart: part}
	for _, text := range part.Account.Prefixes {
		var rule prefixRule
		if err := json.Unmarshal(text, &rule); err != nil {
			return nil, err
		}
		shown.Rules = append(shown.Rules, rule)
	}
	return shown, nil
}

func (v *visit) accountPrefixesPage(shown *accountPrefixesPage) page {
	return page{template: "account_prefixes", title: v.text("account_prefixes.title"), data: shown}
}

// previewPrefixes shows what one more prefix rule would do, or one less.
func previewPrefixes(v *visit) (page, error) {
	shown, err := v.accountPrefixes()
	if err != nil {
		return page{}, err
	}
	rules := shown.Account.Prefixes
	if removed := v.field("remove"); removed != "" {
		i, err := strconv.Atoi(removed)
		if err != nil || i < 0 || i >= len(rules) {
			return shown.wrong(v.accountPrefixesPage(shown), v.text("account_prefixes.gone")), nil
		}
		rules = append(rules[:i:i], rules[i+1:]...)
	} else {
		rule := prefixRule{Allow: v.field("prefix"), Except: wordsOf(v.field("except")), Channel: v.field("channel"),
			Reason: v.field("reason"), From: v.field("from"), Until: v.field("until")}
		shown.Form, shown.Except, shown.Blocks = rule, v.field("except"), v.field("effect") == "block"
		switch {
		case rule.Allow == "":
			return shown.wrong(v.accountPrefixesPage(shown), v.text("account_prefixes.prefix_missing")), nil
		case rule.Reason == "":
			return shown.wrong(v.accountPrefixesPage(shown), v.text("keys.reason_missing")), nil
		}
		if shown.Blocks {
			rule.Block, rule.Allow = rule.Allow, ""
		}
		text, err := json.Marshal(&rule)
		if err != nil {
			return page{}, err
		}
		rules = append(rules, text)
	}
	if len(rules) == 0 {
		return v.previewPatch(map[string]any{"prefixes": nil}, "prefixes")
	}
	return v.previewPatch(map[string]any{"prefixes": rules}, "prefixes")
}

// Channels are those that a rule may be for.
func (p *accountPrefixesPage) Channels() []string { return channels }
