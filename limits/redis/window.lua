-- The parts of windows, as limits/window.go has them, of the server's own clock. A key of sends
-- is a hash: how much there was, by the number of the part. A key of items is a sorted set:
-- their score has the latest part that each was seen in, and how often. A period, such as a day,
-- is one part, whose number the caller states.

-- A window has so many parts before the current one.
local STEPS = 60
-- A score is the part times this, and uses. Numbers in Lua are exact up to 2^53: with the
-- shortest windows, until the year 3100.
local USES = 4096
-- For how long a period is kept once it is over by the clock of a caller, in microseconds: that of
-- another may be behind by as much, and goes on counting in it.
local GRACE = 3600 * 1000000
-- The field of a hash, and the member of a sorted set, that says how often the key was cleared: as a
-- part that is over for long, and as an item with a score below 0, so that a gate which does not know
-- it lets it go.
local GENERATION = '-1'
-- How many items that are over are let go at once, so that none waits for a million of them.
local FORGET = 1000

-- knows reports whether the caller hashes keys by the secret that is here.
local function knows(key, digest)
  local secret = redis.call('GET', key)
  return secret and redis.sha1hex(secret) == digest
end

-- clock is the time in microseconds: a test states its own.
local function clock(stated)
  if stated ~= '' then return tonumber(stated) end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function partOf(score) return math.floor(score / USES) end

local function generationOfSends(key)
  if redis.call('HEXISTS', key, GENERATION) == 0 then return 0 end
  return redis.call('HINCRBY', key, GENERATION, 0)
end

local function generationOfItems(key) return -tonumber(redis.call('ZSCORE', key, GENERATION) or 0) end

-- loadSends is what there is of a key of sends. A clock that goes back stands still.
local function loadSends(key, part, steps)
  local k = {parts = {}, over = {}, last = part, total = 0, added = 0, generation = 0}
  local flat = redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    local p, amount = tonumber(flat[i]), tonumber(flat[i + 1])
    if flat[i] == GENERATION then
      k.generation = amount
    else
      k.parts[p] = amount
      k.last = math.max(k.last, p)
    end
  end
  for p, amount in pairs(k.parts) do
    if k.last - p > steps then
      k.over[#k.over + 1] = p
      k.parts[p] = nil
    else
      k.total = k.total + amount
    end
  end
  k.before = k.total
  return k
end

-- loadItems is what there is of a key of items.
local function loadItems(key, part, steps)
  local k = {last = part, stored = {}, changed = {}, isOfItems = true, generation = generationOfItems(key)}
  local top = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')
  if top[2] then k.last = math.max(part, partOf(tonumber(top[2]))) end
  k.first = (k.last - steps) * USES
  k.total = redis.call('ZCOUNT', key, k.first, '+inf')
  k.before = k.total
  return k
end

-- load is what there is of a key. The length is that of a part, or until the period ends.
local function load(key, now, length, period, item)
  local part, steps = math.floor(now / length), STEPS
  if period ~= '' then part, steps = tonumber(period), 0 end
  local k = item ~= '' and loadItems(key, part, steps) or loadSends(key, part, steps)
  k.key, k.length, k.steps, k.isPeriod, k.isBehind = key, length, steps, period ~= '', part < k.last
  return k
end

-- storedScore is the score of an item before the request, and nil if the window has none.
local function storedScore(k, item)
  if k.stored[item] == nil then
    local score = tonumber(redis.call('ZSCORE', k.key, item) or 0)
    k.stored[item] = score >= k.first and score or false
  end
  return k.stored[item] or nil
end

local function hasRoom(k, limit, amount, item)
  if k.isOfItems and (k.changed[item] or storedScore(k, item)) then return true end
  return k.total + amount <= limit
end
