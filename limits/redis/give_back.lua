-- Takes back what was reserved. KEYS: that of the secret, then that of each demand. ARGV: the
-- digest of the secret; the time, or nothing; its mark, and how many marks there are; then of each
-- demand the length of a part in microseconds, or until the period ends; the period, or nothing; the
-- mark and the part that it was reserved in, the amount and the item, or nothing.
local ARGUMENTS, FIRST = 6, 5

if not knows(KEYS[1], ARGV[1]) then return {-1} end
local now, secretMark, marks = clock(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

-- isCounted reports whether what was reserved with a mark is among what a generation has.
local function isCounted(mark, generation) return mark == 1 + (secretMark - 1 + generation) % marks end

local function giveBackSends(key, part, amount)
  if redis.call('HEXISTS', key, part) == 1 and redis.call('HINCRBY', key, part, -amount) <= 0 then
    redis.call('HDEL', key, part)
  end
end

-- An item goes once all its uses were taken back, if the window has had it all the time since.
local function giveBackItem(key, length, period, part, item)
  local k = load(key, now, length, period, item)
  local score = storedScore(k, item)
  if not score or k.last - part > k.steps then return end
  local uses = score % USES
  if uses == 1 then
    redis.call('ZREM', key, item)
  elseif uses < USES - 1 then -- beyond it they were not counted
    redis.call('ZADD', key, score - 1, item)
  end
end

for i = 1, #KEYS - 1 do
  local a, key = FIRST + (i - 1) * ARGUMENTS, KEYS[i + 1]
  local length, period, item = tonumber(ARGV[a]), ARGV[a + 1], ARGV[a + 5]
  local mark, part, amount = tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  if item == '' then
    if isCounted(mark, generationOfSends(key)) then giveBackSends(key, part, amount) end
  elseif isCounted(mark, generationOfItems(key)) then
    giveBackItem(key, length, period, part, item)
  end
end
return {1}
