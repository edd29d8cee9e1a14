package redis

import (
	"context"
	"crypto/sha256"
	_ "embed" // the scripts
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"github.com/caddy-tollgate/tollgate/limits"
)

//go:embed window.lua
var windowLua string

//go:embed reserve.lua
var reserveLua string

//go:embed give_back.lua
var giveBackLua string

//go:embed clear.lua
var clearLua string

//go:embed used.lua
var usedLua string

var (
	reserveScript  = rueidis.NewLuaScript(windowLua + reserveLua)
	giveBackScript = rueidis.NewLuaScript(windowLua + giveBackLua)
	clearScript    = rueidis.NewLuaScript(windowLua + clearLua)
	usedScript     = rueidis.NewLuaScript(windowLua + usedLua)
)

// mode is what becomes of demands if one of them is over its limit.
type mode string

const (
	allOrNone mode = "all"
	each      mode = "each"
)

// server is a Redis, and the secret by which all that count there hash their keys.
type server struct {
	client rueidis.Client
	prefix string
	secret string
	digest string
	// mark tells this secret from others, in Shared of a demand above the part.
	mark int64
	// now is the time in microseconds since 1970, where it is not the server's.
	now func() int64
}

// errSecret is the answer of a server that has another secret: it lost what it had.
var errSecret = errors.New("it has lost what was counted")

// answer is what a script answers: what became of it, and more.
type answer []int64

// call calls a script, of which the keys are those of demands.
func (s *server) call(ctx context.Context, script *rueidis.Lua, demands []limits.Demand, arguments []string) (answer, error) {
	keys := make([]string, 1, 1+len(demands))
	keys[0] = s.secretKey()
	for i := range demands {
		keys = append(keys, s.key(demands[i].Key))
	}
	got, err := script.Exec(ctx, s.client, keys, arguments).AsIntSlice()
	switch {
	case err != nil:
		return nil, err
	case len(got) == 0:
		return nil, errors.New("the script answered nothing")
	case got[0] < 0:
		return nil, errSecret
	}
	return got, nil
}

// reserve reserves demands. A part of the answer is to be adopted, or given back.
func (s *server) reserve(ctx context.Context, mode mode, demands []limits.Demand) (answer, error) {
	arguments := append(make([]string, 0, 3+5*len(demands)), s.digest, string(mode), s.time())
	for i := range demands {
		d := &demands[i]
		arguments = append(arguments, length(d), period(d), strconv.FormatInt(d.Limit, 10), amount(d), s.item(d.Item))
	}
	got, err := s.call(ctx, reserveScript, demands, arguments)
	if err == nil && len(got) != 1+answersEach*len(demands) && got[0] != 0 || err == nil && got[0] == 0 && len(got) != 4 {
		return nil, fmt.Errorf("the script answered %d numbers to %d demands", len(got), len(demands))
	}
	if err == nil && got[0] != 0 {
		for i := 1; i < len(got); i += answersEach {
			if got[i] != 0 {
				got[i] |= s.markOf(got[i+2]) << partBits
			}
		}
	}
	return got, err
}

const (
	// answersEach is how many numbers a reservation answers to each demand.
	answersEach = 3
	// partBits are those of Shared that are the part: as many as microseconds since 1970 have until
	// the year 2112. A mark is above them, of 11 bits.
	partBits = 52
	// marks is how many there are, from 1 on.
	marks = 2047
)

// markOf is the mark of the secret and of a generation of a key: what a server had that lost all it
// had, or a key that was cleared, is not taken back from what was counted since.
func (s *server) markOf(generation int64) int64 { return 1 + (s.mark-1+generation)%marks }

// refused is what an answer says of demands that were refused.
func (a answer) refused() (r limits.Refused, refused bool) {
	if a[0] != 0 {
		return limits.Refused{}, false
	}
	r = limits.Refused{Index: int(a[1]), Used: a[2], RetryAfter: -1}
	if a[3] >= 0 {
		r.RetryAfter = time.Duration(a[3]) * time.Microsecond
	}
	return r, true
}

// adopt notes in demands what an answer says that is reserved, and how many steps all processes
// reach together: this one alone reaches fewer.
func (a answer) adopt(demands []limits.Demand) {
	place := 0
	for i := range demands {
		d := &demands[i]
		if isOwn(*d) {
			continue
		}
		d.Shared = a[1+answersEach*place]
		used := a[2+answersEach*place]
		place++
		if d.Shared != 0 {
			d.Warned = d.Warn.Reached(used)
		}
	}
}

// giveBack takes back demands, all of which are reserved.
func (s *server) giveBack(ctx context.Context, demands []limits.Demand) error {
	if len(demands) == 0 {
		return nil
	}
	arguments := append(make([]string, 0, 4+6*len(demands)), s.digest, s.time(), strconv.FormatInt(s.mark, 10), strconv.Itoa(marks))
	for i := range demands {
		d := &demands[i]
		arguments = append(arguments, length(d), period(d), strconv.FormatInt(d.Shared>>partBits, 10),
			strconv.FormatInt(d.Shared&(1<<partBits-1), 10), amount(d), s.item(d.Item))
	}
	_, err := s.call(ctx, giveBackScript, demands, arguments)
	return err
}

// clear forgets what was counted for keys.
func (s *server) clear(ctx context.Context, keys []limits.Key) error {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = s.key(key)
	}
	return clearScript.Exec(ctx, s.client, names, nil).Error()
}

// used is how much there is of a demand's key, and whether there is room for it.
func (s *server) used(ctx context.Context, d *limits.Demand) (used int64, hasRoom bool, err error) {
	got, err := s.call(ctx, usedScript, []limits.Demand{*d}, []string{
		s.digest, s.time(), length(d), period(d), strconv.FormatInt(d.Limit, 10), amount(d), s.item(d.Item),
	})
	if err == nil && len(got) != 3 {
		err = fmt.Errorf("the script answered %d numbers", len(got))
	}
	if err != nil {
		return 0, false, err
	}
	return got[1], got[2] == 1, nil
}

func (s *server) time() string {
	if s.now == nil {
		return ""
	}
	return strconv.FormatInt(s.now(), 10)
}

// length is how long a part of a demand's window is, in microseconds: rounded up, so that sixty
// are not shorter than the window. Of a period, it is how long it takes until it ends.
func length(d *limits.Demand) string {
	unit := int64(time.Microsecond)
	if d.Period == 0 {
		unit *= 60
	}
	return strconv.FormatInt((int64(d.Window)+unit-1)/unit, 10)
}

// period is the number of a demand's period, and empty where its window slides.
func period(d *limits.Demand) string {
	if d.Period == 0 {
		return ""
	}
	return strconv.FormatInt(d.Period, 10)
}

func amount(d *limits.Demand) string { return strconv.FormatUint(uint64(d.Amount), 10) }

// All keys have one hash tag: in a cluster, a script can only touch what one server has, and all
// limits of a request are reserved at once.
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
const hashTag = "{limits}:"

func (s *server) secretKey() string { return s.prefix + hashTag + "secret" }

// key is the name of a key. Without the secret, no number can be found out by it.
func (s *server) key(key limits.Key) string {
	var text [16]byte
	binary.LittleEndian.PutUint64(text[:], key[0])
	binary.LittleEndian.PutUint64(text[8:], key[1])
	return s.prefix + hashTag + s.hash(text[:], 16)
}

// item is the name of an item, and empty where there is none.
func (s *server) item(item uint64) string {
	if item == 0 {
		return ""
	}
	return s.hash(binary.LittleEndian.AppendUint64(nil, item), 8)
}

// hash is a hash of a text by the secret, cut off. Secrets are of one length, and texts too, so
// nothing can be appended to them.
func (s *server) hash(text []byte, length int) string {
	var room [secretLength + 16]byte
	sum := sha256.Sum256(append(append(room[:0], s.secret...), text...))
	return base64.RawURLEncoding.EncodeToString(sum[:length])
}
