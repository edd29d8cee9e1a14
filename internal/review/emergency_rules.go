package review

import "github.com/caddy-tollgate/tollgate/policy"

// emergencyDigits is how many digits an emergency number has that a prefix may be mistaken
// for. Those of two are calling codes as well.
const emergencyDigits = 3

// EmergencyRules lists the rules whose prefix is an emergency number: "+911" is the
// beginning of numbers in India, and no rule decides about calls to 911.
func (s *Reviewed) EmergencyRules() (remarks []Remark) {
	if s.IsEmergency == nil {
		return nil
	}
	definition := &s.Compiled.Definition
	rulesOf(definition, func(account, index int, rule *policy.Rule) {
		if len(rule.Prefix) != emergencyDigits || !s.IsEmergency(rule.Prefix) || len(reachOf(rule)) == 0 {
			return
		}
		owner, path := "operator", pathOf("prefixes", index)
		if account >= 0 {
			owner, path = "account "+definition.Accounts[account].ID, pathOf("accounts", account)+"."+path
		}
		reach := ruleReach(owner, rule, s.Plan)
		remarks = append(remarks, Remark{EmergencyPrefix, s.place(path), reach.Rule + " is about numbers of " +
			withName(reach.Territories[0].Code) + " that begin with +" + rule.Prefix + ", and not about the emergency number " +
			rule.Prefix + ": calls to that always pass and need no rule"})
	})
	return remarks
}
