package openings_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestAnOpeningIsRequestedWithinTheRules(t *testing.T) {
	for _, c := range []struct {
		says   string
		change func(*openings.Opening)
		want   string
	}{
		{"three days from now", func(o *openings.Opening) {}, ""},
		{"as long as may be", func(o *openings.Opening) { o.Until = now.Add(14 * day) }, ""},
		{"a second longer", func(o *openings.Opening) { o.Until = now.Add(14*day + time.Second) }, "until: must be at most 14d after the beginning"},
		{"as long, and later", func(o *openings.Opening) { o.From, o.Until = now.Add(7*day), now.Add(21*day) }, ""},
		{"a second longer, and later", func(o *openings.Opening) { o.From, o.Until = now.Add(7*day), now.Add(21*day+time.Second) }, "until: must be at most"},
		{"from long ago, and as long from now", func(o *openings.Opening) { o.From, o.Until = now.Add(-7*day), now.Add(14*day) }, ""},
		{"without an end", func(o *openings.Opening) { o.Until = time.Time{} }, "until: must be after the beginning"},
		{"with an end that is now", func(o *openings.Opening) { o.Until = now }, "until: must be after the beginning"},
		{"with an end before its beginning", func(o *openings.Opening) { o.From, o.Until = now.Add(2*day), now.Add(day) }, "until: must be after the beginning"},
		{"more than a year ahead", func(o *openings.Opening) { o.From, o.Until = now.Add(366*day), now.Add(367*day) }, "from: must be within a year"},
		{"without a reason", func(o *openings.Opening) { o.Reason = " " }, "reason: is required"},
		{"with a long reason", func(o *openings.Opening) { o.Reason = strings.Repeat("x", 501) }, "reason: is required"},
		{"with a reason of two lines", func(o *openings.Opening) { o.Reason = "a\nb" }, "reason: is required"},
		{"with a ticket that hides something", func(o *openings.Opening) { o.Ticket = "a\u202eb" }, "ticket: must be"},
		{"without an account", func(o *openings.Opening) { o.Account = "" }, "account: must be the ID"},
		{"by a channel that is none", func(o *openings.Opening) { o.Channel = policy.ChannelCount }, "channel: must be one of messaging, voice"},
		{"to nowhere", func(o *openings.Opening) { o.To = openings.Destination{} }, `to: must be a territory ("ID")`},
		{"with a class that is none", func(o *openings.Opening) { o.Class = policy.ClassCount }, "class: must be low_risk"},
		{"messages of a class", func(o *openings.Opening) { o.Channel, o.Class = policy.Messaging, policy.HighRiskSpecial }, "class: only voice has classes"},
		{"a prefix of a class", func(o *openings.Opening) { o.To, o.Class = to(t, "+6221"), policy.HighRiskSpecial }, "class: a prefix is opened for all classes"},
		{"to a risky country", func(o *openings.Opening) { o.To = to(t, "LV") }, "acknowledge_high_risk: must be true: the opening is high risk"},
		{"to one that is acknowledged", func(o *openings.Opening) { o.To, o.Acknowledged = to(t, "LV"), true }, ""},
		{"to many countries", func(o *openings.Opening) { o.Channel, o.To = policy.Messaging, to(t, "EU") }, "acknowledge_high_risk: must be true: the opening is wide"},
	} {
		r := rules(t, openings.Settings{})
		o, _, err := r.Request(asked(t, c.change), alice, now, twilio{})
		var mistakes openings.Mistakes
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.says, err)
		case c.want != "" && (!errors.As(err, &mistakes) || o != nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		case c.want == "" && (o.From.Before(now) || o.RequestedAt != now || o.Requested != alice || len(o.ID) != 10):
			t.Errorf("%s: %+v", c.says, o)
		}
	}
	r := rules(t, openings.Settings{})
	if _, _, err := r.Request(asked(t, nil), access.Author{}, now, twilio{}); err == nil {
		t.Error("no one requests an opening")
	}
}

func TestTheStateOfAnOpeningIsThatOfTheClock(t *testing.T) {
	from, until := now.Add(day), now.Add(3*day)
	r := rules(t, openings.Settings{})
	ordinary, risky := requested(t, r, false), requested(t, r, true)
	approved, err := risky.Approve(bob, now)
	if err != nil {
		t.Fatal(err)
	}
	ended, err := ordinary.End(bob, from.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	second := time.Second
	for _, c := range []struct {
		says    string
		opening *openings.Opening
		at      time.Time
		want    openings.State
	}{
		{"one that needs no approval, before it begins", ordinary, from.Add(-second), openings.Scheduled},
		{"as it begins", ordinary, from, openings.Open},
		{"in its last second", ordinary, until.Add(-second), openings.Open},
		{"at its end", ordinary, until, openings.Ended},
		{"ended by hand", ended, from.Add(2 * time.Hour), openings.Ended},
		{"ended by hand, by a clock that is behind", ended, from, openings.Ended},
		{"one that waits, before it would begin", risky, from.Add(-second), openings.Pending},
		{"that waits after it would have begun", risky, until.Add(-second), openings.Pending},
		{"that was never approved", risky, until, openings.Expired},
		{"that was approved, before it begins", approved, from.Add(-second), openings.Scheduled},
		{"that was approved, as it begins", approved, from, openings.Open},
		{"that was approved, at its end", approved, until, openings.Ended},
	} {
		if got := c.opening.StateAt(c.at); got != c.want {
			t.Errorf("%s: %s, want %s", c.says, got, c.want)
		}
	}
}

func TestAnOpeningIsApprovedByAsManyOthersAsItNeeds(t *testing.T) {
	two := 2
	r := rules(t, openings.Settings{Approvals: &openings.Approvals{Count: &two}})
	o := requested(t, r, true)
	if _, err := o.Approve(alice, now); !errors.Is(err, access.ErrOwnRequest) {
		t.Errorf("alice approves what she requested: %v", err)
	}
	if _, err := o.Approve(access.Author{Name: "token:a", Person: "alice"}, now); !errors.Is(err, access.ErrOwnRequest) {
		t.Errorf("alice approves by a token: %v", err)
	}
	if _, err := o.Approve(access.Author{}, now); err == nil {
		t.Error("no one approves")
	}
	once, err := o.Approve(bob, now)
	if err != nil || once.StateAt(now.Add(2*day)) != openings.Pending || len(o.Approvals) != 0 {
		t.Fatalf("after one approval of two: %+v, %v", once, err)
	}
	if _, err := once.Approve(bob, now); !errors.Is(err, access.ErrApprovedTwice) {
		t.Errorf("bob approves twice: %v", err)
	}
	twice, err := once.Approve(carol, now)
	if err != nil || twice.StateAt(now.Add(2*day)) != openings.Open {
		t.Fatalf("after two approvals: %+v, %v", twice, err)
	}
	if _, err := twice.Approve(access.Author{Name: "dave", Person: "dave"}, now); !errors.Is(err, openings.ErrState) {
		t.Errorf("a third approval: %v", err)
	}
	if _, err := once.Approve(carol, now.Add(3*day)); !errors.Is(err, openings.ErrState) {
		t.Errorf("an approval at the end: %v", err)
	}
}

func TestAnApprovalChangesNoOtherCopyOfAnOpening(t *testing.T) {
	three := 3
	r := rules(t, openings.Settings{Approvals: &openings.Approvals{Count: &three}})
	o := requested(t, r, true)
	o.Approvals = make([]openings.Approval, 0, 4)
	byBob, err := o.Approve(bob, now)
	if err != nil {
		t.Fatal(err)
	}
	byCarol, err := o.Approve(carol, now)
	if err != nil || byBob.Approvals[0].By != bob || byCarol.Approvals[0].By != carol {
		t.Errorf("approved by %v and %v: %v", byBob.Approvals, byCarol.Approvals, err)
	}
}

func TestAnOpeningIsEndedOnce(t *testing.T) {
	r := rules(t, openings.Settings{})
	for says, o := range map[string]*openings.Opening{"scheduled": requested(t, r, false), "pending": requested(t, r, true)} {
		ended, err := o.End(bob, now)
		if err != nil || ended.EndedBy != "bob" || ended.EndedAt != now || !o.EndedAt.IsZero() {
			t.Fatalf("%s: %+v, %v", says, ended, err)
		}
		if _, err := ended.End(bob, now); !errors.Is(err, openings.ErrState) {
			t.Errorf("%s: ended again: %v", says, err)
		}
		if _, err := ended.Approve(bob, now); !errors.Is(err, openings.ErrState) {
			t.Errorf("%s: approved after its end: %v", says, err)
		}
		if _, err := o.End(bob, now.Add(3*day)); !errors.Is(err, openings.ErrState) {
			t.Errorf("%s: ended after its time: %v", says, err)
		}
		if _, err := o.End(access.Author{}, now); err == nil {
			t.Errorf("%s: no one ends it", says)
		}
	}
}

func TestSettingsSayWhatMustBeApproved(t *testing.T) {
	count := func(n int) *int { return &n }
	for _, c := range []struct {
		says     string
		settings openings.Settings
		max      time.Duration
		needed   int
		marks    []openings.Mark
		want     string
	}{
		{"nothing", openings.Settings{}, 14 * day, 1, openings.Marks, ""},
		{"days", openings.Settings{Max: "3d"}, 3 * day, 1, openings.Marks, ""},
		{"hours", openings.Settings{Max: "36h"}, 36 * time.Hour, 1, openings.Marks, ""},
		{"two approvals of some", openings.Settings{Approvals: &openings.Approvals{Count: count(2), For: []string{"wide"}}}, 14 * day, 2, []openings.Mark{openings.Wide}, ""},
		{"some, and no number", openings.Settings{Approvals: &openings.Approvals{For: []string{"wide"}}}, 14 * day, 1, []openings.Mark{openings.Wide}, ""},
		{"no approvals", openings.Settings{Approvals: &openings.Approvals{Count: count(0)}}, 14 * day, 0, openings.Marks, ""},
		{"no time", openings.Settings{Max: "0d"}, 0, 0, nil, "max: must be a time"},
		{"a negative time", openings.Settings{Max: "-1d"}, 0, 0, nil, "max: must be a time"},
		{"too long", openings.Settings{Max: "367d"}, 0, 0, nil, "max: must be a time"},
		{"so long that it overflows", openings.Settings{Max: "9223372036854775807d"}, 0, 0, nil, "max: must be a time"},
		{"a number without a unit", openings.Settings{Max: "14"}, 0, 0, nil, "max: must be a time"},
		{"fewer than no approvals", openings.Settings{Approvals: &openings.Approvals{Count: count(-1)}}, 0, 0, nil, "approvals.count: must be 0 to 10"},
		{"many approvals", openings.Settings{Approvals: &openings.Approvals{Count: count(11)}}, 0, 0, nil, "approvals.count: must be 0 to 10"},
		{"a mark that is none", openings.Settings{Approvals: &openings.Approvals{For: []string{"wide", "risky"}}}, 0, 0, nil, "approvals.for[1]: must be high_risk"},
		{"a mark twice", openings.Settings{Approvals: &openings.Approvals{For: []string{"wide", "wide"}}}, 0, 0, nil, "approvals.for[1]: wide is already specified"},
	} {
		r, err := c.settings.Rules()
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", c.says, err, c.want)
			}
			continue
		}
		if err != nil || r.Max != c.max || r.Approvals != c.needed || !slices.Equal(r.For, c.marks) {
			t.Errorf("%s: %+v, %v", c.says, r, err)
		}
	}
}

// No approvals at all is stated with a 0. A number that is left out is the default.
func TestSettingsAreReadStrictly(t *testing.T) {
	for _, c := range []struct {
		says, text string
		needed     int
		want       string
	}{
		{"nothing", `{}`, 1, ""},
		{"all", `{"max": "7d", "approvals": {"count": 2, "for": ["high_risk", "by_request"]}}`, 2, ""},
		{"no approvals", `{"approvals": {"count": 0}}`, 0, ""},
		{"no number", `{"approvals": {"for": ["wide"]}}`, 1, ""},
		{"a number in quotes", `{"approvals": {"count": "0"}}`, 0, "approvals.count: must be a whole number"},
		{"a member that is none", `{"approval": {"count": 0}}`, 0, `unknown member "approval"`},
	} {
		var s openings.Settings
		err := decode.JSON([]byte(c.text), &s, nil)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %s", c.says, err, c.want)
			}
			continue
		}
		if r, wrong := s.Rules(); err != nil || wrong != nil || r.Approvals != c.needed {
			t.Errorf("%s: %+v, %v, %v", c.says, r, err, wrong)
		}
	}
}

// What need not be approved is acknowledged all the same.
func TestARiskThatNeedsNoApprovalIsAcknowledged(t *testing.T) {
	r := rules(t, openings.Settings{Approvals: &openings.Approvals{For: []string{"wide"}}})
	o := requested(t, r, true)
	if o.StateAt(now.Add(2*day)) != openings.Open || !slices.Equal(o.Marks, []openings.Mark{openings.HighRisk}) {
		t.Errorf("%+v", o)
	}
	if _, _, err := r.Request(asked(t, func(o *openings.Opening) { o.To = to(t, "LV") }), alice, now, twilio{}); err == nil {
		t.Error("it is not acknowledged")
	}
}

func TestATimeIsWrittenAsSettingsWriteIt(t *testing.T) {
	for _, text := range []string{"14d", "36h", "90m", "1h30m", "1m30s"} {
		r := rules(t, openings.Settings{Max: text})
		_, _, err := r.Request(asked(t, func(o *openings.Opening) { o.Until = now.Add(100 * day) }), alice, now, twilio{})
		want := map[string]string{"90m": "1h30m"}[text]
		if want == "" {
			want = text
		}
		if err == nil || !strings.Contains(err.Error(), "at most "+want+" after") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
