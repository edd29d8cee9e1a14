package feed

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// textOf is the line of a public key that a feed states.
func textOf(key minisign.PublicKey) string {
	words := strings.Fields(key.String())
	return words[len(words)-1]
}

func TestAListMustBeSignedWhereAKeyIsStated(t *testing.T) {
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		signature http.HandlerFunc
		want      string
	}{
		{"signed with the key", text(string(minisign.Sign(private, []byte(good)))), ""},
		{"with another trusted comment than was signed", text(strings.Replace(string(minisign.Sign(private, []byte(good))), "timestamp:", "timestamp:9", 1)), "is not signed with the key"},
		{"signed with another key", text(string(minisign.Sign(other, []byte(good)))), "is not signed with the key"},
		{"with the signature of another list", text(string(minisign.Sign(private, []byte(good+good)))), "is not signed with the key"},
		{"with a text as signature", text("untrusted comment: nothing\n"), "is not signed with the key"},
		{"without a signature", http.NotFound, "fetching the signature"},
		{"with an endless signature", text(strings.Repeat("a", mostSignature+1)), "more than 4096 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path + "?" + r.URL.RawQuery {
				case "/list?token=1":
					io.WriteString(w, good)
				case "/list.minisig?token=1":
					c.signature(w, r)
				default:
					http.NotFound(w, r)
				}
			})
			f := newFeed(t, s.URL+"/list?token=1", s.client())
			f.Key = textOf(public)
			_, err := f.Update(t.Context())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("it is %v, not %q", err, c.want)
			}
			if (f.List().Len() > 0) != (c.want == "") {
				t.Errorf("%d prefixes are in force", f.List().Len())
			}
		})
	}
}

// publisher signs lists, and serves one of them with its signature.
type publisher struct {
	*server
	public          minisign.PublicKey
	private         minisign.PrivateKey
	list, signature string
	// fetched is how often the list was, whole.
	fetched int
}

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &publisher{public: public, private: private}
	p.server = newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, signatureSuffix) {
			io.WriteString(w, p.signature)
			return
		}
		tag := `"` + digestOf([]byte(p.list)) + `"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		p.fetched++
		io.WriteString(w, p.list)
	})
	return p
}

// serves has a list served, signed with a trusted comment.
func (p *publisher) serves(list, comment string) {
	p.list = list
	p.signature = string(minisign.SignWithComments(p.private, []byte(list), comment, "list of ranges"))
}

// at is the trusted comment that minisign writes at a time.
func at(t time.Time) string { return fmt.Sprintf("timestamp:%d\tfile:list\thashed", t.Unix()) }

func TestAnOlderListThatWasSignedIsNotPutInForceAgain(t *testing.T) {
	monday := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	const first, second, third = good, good + "+8821304\n", good + "+8821305\n"
	p := newPublisher(t)
	storage := new(memory)
	now := monday
	start := func() *Feeds {
		f := newFeed(t, p.URL+"/list", p.client())
		f.Key, f.Storage, f.Now = textOf(p.public), storage, func() time.Time { return now }
		LoadKept(t.Context(), []*Feed{f})
		return New([]*Feed{f})
	}
	feeds := start()
	for _, step := range []struct {
		name          string
		list, comment string
		restart       bool
		refused       string
		inForce       string
	}{
		{"the first list", first, at(monday), false, "", first},
		{"a newer one", second, at(monday.Add(time.Minute)), false, "", second},
		{"the first one again", first, at(monday), false, "of 2026-11-30T10:00:00Z, and that of the list in force of 2026-11-30T10:01:00Z", second},
		{"the first one after a restart", first, at(monday), true, "an older list is not put in force again", second},
		{"one that does not say when it was signed", third, "ranges of our partner", false, "it has no time, and that of the list in force has one", second},
		{"one of a time that cannot be read", third, "timestamp:soon", false, "that is not a time in seconds since 1970", second},
		{"one of a time that is too long", third, "timestamp:99999999999999999999", false, "that is not a time in seconds since 1970", second},
		{"one of two hours from now", third, at(monday.Add(2 * time.Hour)), false, "which is in the future", second},
		{"another one of the same second", third, at(monday.Add(time.Minute)), false, "", third},
		{"the same list, signed again", third, at(monday.Add(10 * time.Minute)), false, "", third},
		{"the list before, from in between", second, at(monday.Add(5 * time.Minute)), true, "an older list is not put in force again", third},
		{"the first list, signed again", first, at(monday.Add(20 * time.Minute)), false, "", first},
		{"the time behind other words", second, "ranges timestamp:" + fmt.Sprint(monday.Add(30*time.Minute).Unix()), false, "", second},
	} {
		t.Run(step.name, func(t *testing.T) {
			p.serves(step.list, step.comment)
			if step.restart {
				feeds = start()
			}
			feeds.Update(t.Context())
			status := feeds.All()[0].Status()
			if step.refused == "" && status.Failure != "" || !strings.Contains(status.Failure, step.refused) {
				t.Errorf("it is refused as %q, not %q", status.Failure, step.refused)
			}
			wanted, err := Read([]byte(step.inForce), feeds.All()[0].Plan(), now)
			if err != nil {
				t.Fatal(err)
			}
			if got := digitsOf(feeds.All()[0].List()); got != digitsOf(wanted) {
				t.Errorf("in force is %s", got)
			}
		})
	}
}

// Who is between a gate and the one who signs can hold newer lists back, and cannot sign the old one
// again.
func TestTheAgeOfAListCountsFromWhenItWasSigned(t *testing.T) {
	monday := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	p := newPublisher(t)
	logger, logged := observer.New(zap.WarnLevel)
	storage, now := new(memory), monday
	start := func() *Feeds {
		f := newFeed(t, p.URL+"/list", p.client())
		f.Key, f.Storage, f.Logger, f.Now = textOf(p.public), storage, zap.New(logger), func() time.Time { return now }
		LoadKept(t.Context(), []*Feed{f})
		return New([]*Feed{f})
	}
	feeds := start()
	for _, step := range []struct {
		name    string
		after   time.Duration
		signs   bool
		restart bool
		old     bool
		age     time.Duration
		fetched int
	}{
		{"just signed", 0, true, false, false, 0, 1},
		{"47 hours later, not modified", 47 * time.Hour, false, false, false, 47 * time.Hour, 1},
		{"two hours later, not modified", 2 * time.Hour, false, false, true, 49 * time.Hour, 1},
		{"after a restart", 0, false, true, true, 49 * time.Hour, 1},
		{"the same list, signed again", 0, true, false, false, 0, 2},
		{"an hour later, not modified", time.Hour, false, false, false, time.Hour, 2},
		{"after another restart", 0, false, true, false, time.Hour, 2},
	} {
		t.Run(step.name, func(t *testing.T) {
			now = now.Add(step.after)
			if step.signs {
				p.serves(good, at(now))
			}
			if step.restart {
				feeds = start()
			}
			feeds.Update(t.Context())
			if s := feeds.All()[0].Status(); s.Failure != "" || s.Old != step.old || s.Age != step.age || !s.SignedAt.Equal(now.Add(-step.age)) {
				t.Errorf("it is %+v", s)
			}
			if p.fetched != step.fetched {
				t.Errorf("the list was fetched %d times, not %d", p.fetched, step.fetched)
			}
		})
	}
	if n := logged.FilterMessageSnippet("feed is old").Len(); n != 2 { // by each process
		t.Errorf("that it is old was logged %d times", n)
	}
}

// A list whose signature is gone, or is another one that is not good, is not what is in force.
func TestAListThatHasNotChangedNeedsItsSignature(t *testing.T) {
	for name, signature := range map[string]string{"none": "", "that of another list": "another"} {
		t.Run(name, func(t *testing.T) {
			p := newPublisher(t)
			p.serves(good, at(time.Now()))
			f := newFeed(t, p.URL+"/list", p.client())
			f.Key = textOf(p.public)
			if _, err := f.Update(t.Context()); err != nil {
				t.Fatal(err)
			}
			if p.signature = signature; signature != "" {
				p.signature = string(minisign.Sign(p.private, []byte(signature)))
			}
			if _, err := f.Update(t.Context()); err == nil || !strings.Contains(err.Error(), "signature") || f.List().Len() != 4 {
				t.Errorf("it ends with %v, and %d prefixes in force", err, f.List().Len())
			}
		})
	}
}

func TestListsThatDoNotSayWhenTheyWereSignedArePutInForce(t *testing.T) {
	p := newPublisher(t)
	logger, logged := observer.New(zap.ErrorLevel)
	f := newFeed(t, p.URL+"/list", p.client())
	f.Key, f.Logger = textOf(p.public), zap.New(logger)
	for _, list := range []string{good, good + "+8821304\n", good} {
		p.serves(list, "ranges of our partner")
		if changed, err := f.Update(t.Context()); !changed || err != nil {
			t.Errorf("%v, %v", changed, err)
		}
	}
	if !f.Status().SignedAt.IsZero() || logged.Len() > 0 {
		t.Errorf("it is shown as %+v, logged as %v", f.Status(), logged.All())
	}
}

// The program that people sign with, and not the library that verifies.
func TestWhatMinisignSignsHasATime(t *testing.T) {
	if _, err := exec.LookPath("minisign"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("minisign is not installed")
		}
		t.Skip("minisign is not installed")
	}
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(in("list"), []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{
		{"-G", "-W", "-p", in("key.pub"), "-s", in("key")},
		{"-S", "-s", in("key"), "-m", in("list")},
	} {
		if output, err := exec.Command("minisign", arguments...).CombinedOutput(); err != nil {
			t.Fatalf("minisign %v: %v: %s", arguments, err, output)
		}
	}
	key, err := os.ReadFile(in("key.pub"))
	if err != nil {
		t.Fatal(err)
	}
	f := newFeed(t, in("list"), nil)
	f.Key = strings.TrimSpace(strings.Split(string(key), "\n")[1])
	if changed, err := f.Update(t.Context()); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if ago := time.Since(f.Status().SignedAt); ago < 0 || ago > time.Hour {
		t.Errorf("it was signed at %s", f.Status().SignedAt)
	}
	// Of a file, too, the signature says how old the list is, and one that is newer is read.
	old := time.Now().Add(-50 * time.Hour)
	for _, comment := range []string{at(old), ""} {
		arguments := []string{"-S", "-s", in("key"), "-m", in("list")}
		f = newFeed(t, in("list"), nil)
		f.Key = strings.TrimSpace(strings.Split(string(key), "\n")[1])
		if comment != "" {
			arguments = append(arguments, "-t", comment)
		}
		if output, err := exec.Command("minisign", arguments...).CombinedOutput(); err != nil {
			t.Fatalf("minisign %v: %v: %s", arguments, err, output)
		}
		if _, err := f.Update(t.Context()); err != nil || f.Status().Old != (comment != "") {
			t.Errorf("signed as of %q, it is %v, %+v", comment, err, f.Status())
		}
	}
}
