//go:build linux

package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTheNumberOfARequestIsReadFromItsTarget(t *testing.T) {
	for _, number := range []uint32{0, 1, 25, 26, 7_200_000, 1<<32 - 1} {
		r := &request{number: number, path: "/2010-04-01/Accounts?PageSize=50"}
		if read, ok := numberOf(r.target()); !ok || read != number {
			t.Errorf("%s is read as %d, %v", r.target(), read, ok)
		}
	}
	for _, target := range []string{"/", "/?soak=", "/?soak=abc", "/?soak=abcdef1"} {
		if number, ok := numberOf(target); ok {
			t.Errorf("%s is read as %d", target, number)
		}
	}
}

func TestARequestFollowsFromSeedAndNumber(t *testing.T) {
	p := &plan{seed: 1}
	for number := range uint32(1000) {
		a, b := p.request(number), p.request(number)
		if a.String() != b.String() || !bytes.Equal(a.body, b.body) || !bytes.Equal(a.answer.body, b.answer.body) {
			t.Fatalf("%s is not %s", a, b)
		}
	}
}

func TestARequestIsJudgedByAPolicyThatWasInForceWhileItWasThere(t *testing.T) {
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0) }
	versions := []version{
		{allows: false, written: at(0), replaced: at(12)},
		{allows: true, written: at(10), replaced: at(22)},
		{allows: false, written: at(20)},
	}
	for _, c := range []struct {
		name            string
		began, ended    int
		allowed, denied bool // whether it may be
	}{
		{"before the policy that allows is written it is denied", 5, 9, false, true},
		{"while that may be in force or not it is either", 11, 12, true, true},
		{"once that is seen to be in force it is allowed", 13, 19, true, false},
		{"one that was there before is either", 9, 13, true, true},
		{"after the next one it is denied", 23, 30, false, true},
		{"one that was there all the time is either", 1, 30, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, allowed := range []bool{true, false} {
				s, found := swaps{versions: versions}, new(report)
				s.add(judged{allowed: allowed, began: at(c.began), ended: at(c.ended)})
				s.check(found)
				may := c.denied
				if allowed {
					may = c.allowed
				}
				if isRight := found.failures[checkPolicy].count == 0; isRight != may {
					t.Errorf("allowed %v: right is %v, want %v", allowed, isRight, may)
				}
			}
		})
	}
}

func TestAnAnswerThatChangedOnItsWayIsNotTheCarriers(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(r *http.Response, body []byte)
		isOurs bool
	}{
		{"an answer as it was", func(*http.Response, []byte) {}, true},
		{"with Via", func(r *http.Response, _ []byte) { r.Header.Set("Via", "1.1 Caddy") }, true},
		{"with another status", func(r *http.Response, _ []byte) { r.StatusCode++ }, false},
		{"without a field", func(r *http.Response, _ []byte) { r.Header.Del("Set-Cookie") }, false},
		{"with a field more", func(r *http.Response, _ []byte) { r.Header.Set("X-More", "1") }, false},
		{"with repeated fields in another order", func(r *http.Response, _ []byte) { r.Header["Set-Cookie"] = []string{"b=2", "a=1"} }, false},
		{"with another body", func(_ *http.Response, body []byte) { body[0]++ }, false},
		{"with a trailer", func(r *http.Response, _ []byte) { r.Trailer = http.Header{"X-More": {"1"}} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := (&plan{seed: 1}).request(0)
			r.behavior = behaviors[0]
			answered := &http.Response{StatusCode: r.answer.status, Header: r.answer.header.Clone()}
			body := bytes.Clone(r.answer.body)
			c.change(answered, body)
			if got, detail := r.judge(answered, body, r.answer.early); (got == whole) != c.isOurs {
				t.Errorf("%s: %s", got, detail)
			}
		})
	}
}

func TestWhatGrowsIsNotFlat(t *testing.T) {
	rest := make([]int64, len(measures))
	for _, c := range []struct {
		name  string
		grows int64 // with each sample
		fails int64
	}{
		{"what stays is flat", 0, 0},
		{"what leaks once in each second is found in an hour", 5, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			taken, found := make(samples, len(measures)), new(report)
			for i := range int64(720) {
				taken[0] = append(taken[0], 150+i*c.grows)
			}
			taken.steady(rest, rest, found)
			if count := found.failures[checkSteady].count; count != c.fails {
				t.Errorf("%d failures, want %d", count, c.fails)
			}
		})
	}
}

// What soak changes of the shipped Caddyfile is still there, whatever forwards.
func TestTheShippedCaddyfileCanBeChanged(t *testing.T) {
	t.Chdir("../..")
	for _, forward := range []string{"", "tollgate_forward", "reverse_proxy"} {
		s := settings{dir: "/tmp", carrier: "127.0.0.1:9", forward: forward, grace: 1, addresses: [sites]string{"127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"}}
		text, err := s.caddyfile()
		if err != nil {
			t.Errorf("%q: %v", forward, err)
		}
		if n := strings.Count(text, "upstream 127.0.0.1:9\n"); n != int(sites) {
			t.Errorf("%q: %d sites in front of the carrier\n%s", forward, n, text)
		}
		if forward != "" && strings.Count(text, "\n\t"+forward) != int(sites) {
			t.Errorf("%q does not forward\n%s", forward, text)
		}
	}
}
