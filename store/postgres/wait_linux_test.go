package postgres_test

import (
	"slices"
	"testing"
	"time"

	server "github.com/caddy-tollgate/tollgate/internal/harness/postgres"
)

func TestAChangeWithoutANotificationIsSeen(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	s := open(t, dsn)
	returned := make(chan error)
	go func() { returned <- s.Wait(t.Context(), 0) }()
	exec(t, dsn, "UPDATE tollgate_revision SET revision = 1")
	if err := <-returned; err != nil {
		t.Error(err)
	}
}

// By polling alone, each change would be seen half a second after Wait is called.
func TestANotificationWakesThoseWhoWait(t *testing.T) {
	dsn := server.Shared(t).Database(t)
	s, other := open(t, dsn), open(t, dsn)
	var late []time.Duration
	at := mustVersion(t, s)
	for range 15 {
		returned, known := make(chan error), at.Revision
		go func() { returned <- other.Wait(t.Context(), known) }()
		var err error
		if at, err = s.Commit(t.Context(), changeOf(at, "a", "{}")); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := <-returned; err != nil {
			t.Fatal(err)
		}
		late = append(late, time.Since(began))
	}
	slices.Sort(late)
	if median := late[len(late)/2]; median > 300*time.Millisecond {
		t.Errorf("half of the changes are seen after %s or more", median)
	}
}
