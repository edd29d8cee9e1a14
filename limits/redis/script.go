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

//go:embed used.lua
var usedLua string

var (
	reserveScript  = rueidis.NewLuaScript(windowLua + reserveLua)
	giveBackScript = rueidis.NewLuaScript(windowLua + giveBackLua)
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
		keys = append(keys, s.key(&demands[i]))
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
	arguments := append(make([]string, 0, 3+4*len(demands)), s.digest, string(mode), s.time())
	for i := range demands {
		d := &demands[i]
		arguments = append(arguments, partLength(windowOf(d)), strconv.FormatInt(d.Limit, 10), amount(d), s.item(d.Item))
	}
	got, err := s.call(ctx, reserveScript, demands, arguments)
	if err == nil && len(got) != 1+len(demands) && got[0] != 0 || err == nil && got[0] == 0 && len(got) != 4 {
		return nil, fmt.Errorf("the script answered %d numbers to %d demands", len(got), len(demands))
	}
	return got, err
}

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

// adopt notes in demands what an answer says that is reserved.
func (a answer) adopt(demands []limits.Demand) {
	for i := range demands {
		demands[i].Shared = a[i+1]
	}
}

// giveBack takes back demands, all of which are reserved.
func (s *server) giveBack(ctx context.Context, demands []limits.Demand) error {
	arguments := append(make([]string, 0, 2+4*len(demands)), s.digest, s.time())
	for i := range demands {
		d := &demands[i]
		arguments = append(arguments, partLength(windowOf(d)), strconv.FormatInt(d.Shared, 10), amount(d), s.item(d.Item))
	}
	_, err := s.call(ctx, giveBackScript, demands, arguments)
	return err
}

// used is how much there is of a demand's key, and whether there is room for it.
func (s *server) used(ctx context.Context, d *limits.Demand) (used int64, hasRoom bool, err error) {
	got, err := s.call(ctx, usedScript, []limits.Demand{*d}, []string{
		s.digest, s.time(), partLength(windowOf(d)), strconv.FormatInt(d.Limit, 10), amount(d), s.item(d.Item),
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

// partLength is how long a part of a window is, in microseconds: rounded up, so that sixty are
// not shorter than the window.
func partLength(window time.Duration) string {
	const sixty = 60 * int64(time.Microsecond)
	return strconv.FormatInt((int64(window)+sixty-1)/sixty, 10)
}

func amount(d *limits.Demand) string { return strconv.FormatUint(uint64(d.Amount), 10) }

// All keys have one hash tag: in a cluster, a script can only touch what one server has, and all
// limits of a request are reserved at once.
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
const hashTag = "{limits}:"

func (s *server) secretKey() string { return s.prefix + hashTag + "secret" }

// key is the name of a key. Without the secret, no number can be found out by it.
func (s *server) key(d *limits.Demand) string {
	var room [24]byte
	text := binary.LittleEndian.AppendUint64(room[:0], d.Key[0])
	text = binary.LittleEndian.AppendUint64(text, d.Key[1])
	if d.Period != 0 {
		text = binary.LittleEndian.AppendUint64(text, uint64(d.Period))
	}
	return s.prefix + hashTag + s.hash(text, 16)
}

// windowOf is the window of a demand. Each day or month has a key of its own, of a window in which
// nothing is over before the longest of them ends.
func windowOf(d *limits.Demand) time.Duration {
	const longest = 32 * 24 * time.Hour
	if d.Period != 0 {
		return longest
	}
	return d.Window
}

// item is the name of an item, and empty where there is none.
func (s *server) item(item uint64) string {
	if item == 0 {
		return ""
	}
	return s.hash(binary.LittleEndian.AppendUint64(nil, item), 8)
}

// hash is a hash of a text by the secret, cut off. Secrets are of one length, and so nothing can be
// appended to them.
func (s *server) hash(text []byte, length int) string {
	var room [secretLength + 24]byte
	sum := sha256.Sum256(append(append(room[:0], s.secret...), text...))
	return base64.RawURLEncoding.EncodeToString(sum[:length])
}
