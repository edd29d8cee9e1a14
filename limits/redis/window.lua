-- The parts of windows, as limits/window.go has them, of the server's own clock. A key of sends
-- is a hash: how much there was, by the number of the part. A key of items is a sorted set:
-- their score has the latest part that each was seen in, and how often.

-- A window has so many parts before the current one.
local STEPS = 60
-- A score is the part times this, and uses. Numbers in Lua are exact up to 2^53: with the
-- shortest windows, until the year 3100.
local USES = 4096
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

-- loadSends is what there is of a key of sends. A clock that goes back stands still.
local function loadSends(key, part)
  local k = {parts = {}, over = {}, last = part, total = 0, added = 0}
  local flat = redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    local p = tonumber(flat[i])
    k.parts[p] = tonumber(flat[i + 1])
    k.last = math.max(k.last, p)
  end
  for p, amount in pairs(k.parts) do
    if k.last - p > STEPS then
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
local function loadItems(key, part)
  local k = {last = part, stored = {}, changed = {}, isOfItems = true}
  local top = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')
  if top[2] then k.last = math.max(part, partOf(tonumber(top[2]))) end
  k.first = (k.last - STEPS) * USES
  k.total = redis.call('ZCOUNT', key, k.first, '+inf')
  k.before = k.total
  return k
end

local function load(key, now, length, item)
  local part = math.floor(now / length)
  local k = item ~= '' and loadItems(key, part) or loadSends(key, part)
  k.key, k.length = key, length
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
