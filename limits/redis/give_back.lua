-- Takes back what was reserved. KEYS: that of the secret, then that of each demand. ARGV: the
-- digest of the secret; the time, or nothing; then of each demand the length of a part in
-- microseconds, the part that it was reserved in, the amount and the item, or nothing.
local ARGUMENTS, FIRST = 4, 3

if not knows(KEYS[1], ARGV[1]) then return {-1} end
local now = clock(ARGV[2])

local function giveBackSends(key, part, amount)
  if redis.call('HEXISTS', key, part) == 1 and redis.call('HINCRBY', key, part, -amount) <= 0 then
    redis.call('HDEL', key, part)
  end
end

-- An item goes once all its uses were taken back, if the window has had it all the time since.
local function giveBackItem(key, length, part, item)
  local k = load(key, now, length, item)
  local score = storedScore(k, item)
  if not score or k.last - part > STEPS then return end
  local uses = score % USES
  if uses == 1 then
    redis.call('ZREM', key, item)
  elseif uses < USES - 1 then -- beyond it they were not counted
    redis.call('ZADD', key, score - 1, item)
  end
end

for i = 1, #KEYS - 1 do
  local a = FIRST + (i - 1) * ARGUMENTS
  local length, part, amount, item = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), ARGV[a + 3]
  if item == '' then
    giveBackSends(KEYS[i + 1], part, amount)
  else
    giveBackItem(KEYS[i + 1], length, part, item)
  end
end
return {1}
