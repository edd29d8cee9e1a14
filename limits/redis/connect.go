package redis

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

const (
	// connectTimeout is how long it may take to connect, and how long a server may stall before
	// its connections are given up.
	connectTimeout = 2 * time.Second
	// keepAlive is how often a connection is tried on which nothing comes.
	keepAlive = time.Second
	// bufferSize is that of a connection's buffers; a request of a few limits is 500 bytes.
	bufferSize = 32 << 10
	// sentinelInterval is how often sentinels are asked which server is the master, besides
	// being told.
	sentinelInterval = 5 * time.Second
)

// ReadAddress reads where a server is: "host:port", or a URL with redis://, rediss:// for TLS or
// unix://, as rueidis.ParseURL reads it. No error shows a password.
func ReadAddress(address string) (rueidis.ClientOption, error) {
	none := rueidis.ClientOption{}
	if !strings.Contains(address, "://") {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return none, errors.New("it is neither a host with a port nor a URL: write, for example, redis.example.com:6379 or rediss://user:password@redis.example.com:6379")
		}
		address = "redis://" + address
	}
	option, err := rueidis.ParseURL(address)
	var notURL *url.Error
	switch {
	case errors.As(err, &notURL):
		return none, errors.New("it is not a URL: percent-encode special characters of the password")
	case err != nil:
		return none, err
	}
	if option.TLSConfig != nil {
		// Each server is known by the name by which it is connected to: the master that a sentinel
		// names, and each server of a cluster, has another one than the address.
		option.TLSConfig.ServerName = ""
	}
	option.DisableCache = true // needs no tracking, which a user of a server may be denied
	option.DisableRetry = true
	option.AlwaysPipelining = true // so that a request that waits no more ends no connection
	option.PipelineMultiplex = 1
	option.RingScaleEachConn = 8
	option.ReadBufferEachConn, option.WriteBufferEachConn = bufferSize, bufferSize
	option.ClientSetInfo = rueidis.DisableClientSetInfo
	option.Dialer.KeepAlive = keepAlive
	if option.Dialer.Timeout == 0 {
		option.Dialer.Timeout = connectTimeout
	}
	if option.ConnWriteTimeout == 0 {
		option.ConnWriteTimeout = connectTimeout
	}
	if option.ClientName == "" {
		option.ClientName = "tollgate"
	}
	if option.Sentinel.MasterSet != "" {
		option.Sentinel.TopologyRefreshInterval = sentinelInterval
		option.Sentinel.Username, option.Sentinel.Password = option.Username, option.Password
		option.Sentinel.TLSConfig, option.Sentinel.Dialer = option.TLSConfig, option.Dialer
	}
	return option, nil
}

// secretLength is that of the secret, in bytes.
const secretLength = 32

// secretLua answers the secret that the server has: the first one that it is given. It always
// writes, so that a server that takes no writes is away.
var secretLua = rueidis.NewLuaScript(`
local secret = redis.call('GET', KEYS[1])
if not secret then
  secret = ARGV[1]
end
redis.call('SET', KEYS[1], secret)
return secret`)

// readSecret asks the server for the secret, and makes one if it has none.
func (s *server) readSecret(ctx context.Context) error {
	secret, err := secretLua.Exec(ctx, s.client, []string{s.secretKey()}, []string{newSecret()}).ToString()
	switch {
	case err != nil:
		return err
	case len(secret) != secretLength:
		return fmt.Errorf("the key %s has another value than it is given: remove it", s.secretKey())
	}
	digest := sha1.Sum([]byte(secret)) // by which a script knows it: redis.sha1hex
	s.secret, s.digest = secret, hex.EncodeToString(digest[:])
	s.mark = 1 + int64(binary.BigEndian.Uint16(digest[:])%marks)
	return nil
}

// newSecret is one that no one can guess.
func newSecret() string {
	var secret [secretLength / 2]byte
	_, _ = rand.Read(secret[:]) // never fails
	return hex.EncodeToString(secret[:])
}
