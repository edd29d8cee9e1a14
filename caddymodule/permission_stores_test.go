package caddymodule_test

import (
	"path/filepath"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

// storeInUse makes an empty store of the kind that the tests of Twilio's permission resources use,
// and returns the option for it. Tests that start Caddy do not run in parallel.
var storeInUse = newSQLite

func newSQLite(t *testing.T) string {
	t.Helper()
	return "store sqlite " + filepath.Join(t.TempDir(), "permissions.db")
}

func newPostgreSQL(t *testing.T) string {
	t.Helper()
	return "store postgres " + postgres.Shared(t).Database(t)
}

// By themselves, these tests run on SQLite.
func TestTwiliosPermissionResourcesAreTheSameOnPostgreSQL(t *testing.T) {
	storeInUse = newPostgreSQL
	t.Cleanup(func() { storeInUse = newSQLite })
	for name, test := range map[string]func(*testing.T){
		"dialing permissions":        TestTwiliosDialingPermissionsAreTheGates,
		"pages of countries":         TestCountriesAreSelectedAndPaged,
		"messaging permissions":      TestTwiliosMessagingPermissionsAreTheGates,
		"the Safe List":              TestTwiliosSafeListIsTheAccountsOwnAllows,
		"rules that end":             TestTwiliosSafeListIsNotOfRulesThatEnd,
		"inheritance":                TestInheritanceIsAsTheSettingsResourceHasIt,
		"who may change":             TestWhoMayChangePermissionsByTwiliosResources,
		"what others may not change": TestWhatOthersMayNotChangeByTwiliosResources,
		"an account of the default":  TestAnAccountUnderTheDefaultComesIntoBeingWithItsFirstChange,
		"closing risky classes":      TestAScriptClosesAllRiskyClassesInEveryCountry,
		"writing back what was read": TestAScriptThatWritesBackWhatItReadNeitherClosesNorOpensTheRestOfAnEntry,
		"opening the home country":   TestAScriptOpensTheHomeCountryOfANewSubaccount,
		"opening a country to texts": TestAScriptOpensACountryToMessages,
	} {
		t.Run(name, test)
	}
}
