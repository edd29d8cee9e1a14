package console

import "net/http"

// prefixRule is a prefix rule over all accounts or of one, as the policy document has it.
type prefixRule struct {
	Block   string   `json:"block,omitzero"`
	Allow   string   `json:"allow,omitzero"`
	Except  []string `json:"except,omitempty"`
	Channel string   `json:"channel,omitzero"`
	Reason  string   `json:"reason,omitzero"`
	From    string   `json:"from,omitzero"`
	Until   string   `json:"until,omitzero"`
}

// blockPage is a prefix rule of the store.
type blockPage struct {
	ID      string
	Rule    prefixRule
	Terms   terms
	Problem *problem
}

// block shows a prefix rule of the store, with the form that deletes it.
func block(v *visit) (page, error) {
	return v.blockPage(&blockPage{ID: v.r.PathValue("id")})
}

func (v *visit) blockPage(shown *blockPage) (page, error) {
	if err := v.get(&shown.Rule, pathOf("blocks", shown.ID), nil); err != nil {
		return page{}, err
	}
	return page{template: "block", title: v.text("block.title"), data: shown}, nil
}

// deleteBlock deletes a prefix rule.
func deleteBlock(v *visit) (page, error) {
	shown := &blockPage{ID: v.r.PathValue("id"), Terms: v.terms()}
	if err := v.revoke(pathOf("blocks", shown.ID), shown.Terms, &shown.Problem); err != nil || shown.Problem == nil {
		return page{location: v.console.views.to("policy", "")}, err
	}
	p, err := v.blockPage(shown)
	p.status = http.StatusUnprocessableEntity
	return p, err
}
