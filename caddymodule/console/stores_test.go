package console_test

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

func newPostgreSQL(t *testing.T) string {
	t.Helper()
	return "postgres " + postgres.Shared(t).Database(t)
}

// By themselves, these tests run on SQLite.
func TestPagesAreTheSameOnPostgreSQL(t *testing.T) {
	storeInUse = newPostgreSQL
	t.Cleanup(func() { storeInUse = newSQLite })
	for name, test := range map[string]func(*testing.T){
		"accounts": TestAccountsAreFoundAndOpened,
		"created":  TestTheFormOfANewAccountSaysWhatIsWrongAndKeepsWhatIsInIt,
		"measures": TestAMeasureIsTakenOnlyAsItWasShown,
		"fleet":    TestAFormIsTakenByEveryGateOfTheStore,
		"keys":     TestAKeyIsIssuedItsSecretIsShownOnceAndItIsRevoked,
		"tokens":   TestATokenIsCreatedAndShownOnce,
		"policy":   TestThePolicySaysWhereEachPartIsStated,
		"settings": TestSettingsAreChangedOnceOneHasSeenWhatThatChanges,
		"fields":   TestSettingsAreChangedByFieldsWhichLeaveTheRestAsItIs,
		"now":      TestNowShowsWhatIsRefusedAndLetThrough,
		"holds":    TestAHoldIsReleasedByWhoMay,
		"incident": TestIncidentModeTakesMeasuresAndUndoesThem,
		"wholes":   TestAWholeContinentIsOpenedAndClosedByAButton,
		"parts":    TestPartsOfAnAccountAreChangedOnceOneHasSeenWhatThatChanges,
		"switches": TestTerritoriesAreOpenedAndClosedBySwitches,
		"why":      TestWhyShowsTheWayToTheVerdictAndLeadsToTheRule,
		"openings": TestAnOpeningIsAskedForApprovedBySomeoneElseAndEnded,
		"changes":  TestTheAuditShowsChangesWithTheirDifferences,
		"refusals": TestARefusalLeadsToWhy,
		"roles":    TestPagesOfferWhatARolePermitsAndTheServerRefusesTheRest,
	} {
		t.Run(name, test)
	}
}
