-- Reserves demands. KEYS: that of the secret, then that of each demand. ARGV: the digest of the
-- secret; "all" to reserve all or none, "each" to reserve each that has room; the time, or
-- nothing; then of each demand the length of a part in microseconds, or until the period ends;
-- the period, or nothing; the limit, the amount, and the item, or nothing. Answers {-1} to a
-- wrong secret, {0, place, used, retry after} if all are refused, or else {1} and of each the part
-- in which it is reserved, or 0, how much there is with it, and the generation of the key.
local ARGUMENTS, FIRST, ANSWERS = 5, 4, 3

if not knows(KEYS[1], ARGV[1]) then return {-1} end
local all, now, loaded = ARGV[2] == 'all', clock(ARGV[3]), {}

local function demand(i)
  local a = FIRST + (i - 1) * ARGUMENTS
  return KEYS[i + 1], tonumber(ARGV[a]), ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), ARGV[a + 4]
end

local function add(k, amount, item)
  if not k.isOfItems then
    k.added, k.total = k.added + amount, k.total + amount
    return
  end
  local score = k.changed[item] or storedScore(k, item)
  if not score then k.total = k.total + 1 end
  k.changed[item] = k.last * USES + math.min((score or 0) % USES + 1, USES - 1)
end

-- wanted is how much all demands add to a key together, each item once, and which items keep
-- the place that they have.
local function wanted(k)
  local amount, kept, keeps, seen = 0, {}, 0, {}
  for i = 1, #KEYS - 1 do
    local key, _, _, _, count, item = demand(i)
    if key == k.key and not k.isOfItems then
      amount = amount + count
    elseif key == k.key and not seen[item] then
      seen[item] = true
      if storedScore(k, item) then
        kept[item], keeps = true, keeps + 1
      else
        amount = amount + 1
      end
    end
  end
  return amount, kept, keeps
end

-- freedAt is the last part that has to be over for a key to have room, or nil if there never is.
local function freedAt(k, limit)
  local amount, kept, keeps = wanted(k)
  local over = k.before + amount - limit
  if not k.isOfItems then
    local order = {}
    for p in pairs(k.parts) do order[#order + 1] = p end
    table.sort(order)
    for _, p in ipairs(order) do
      over = over - k.parts[p]
      if over <= 0 then return p end
    end
    return nil
  end
  if over > k.before - keeps then return nil end
  local oldest = redis.call('ZRANGEBYSCORE', k.key, k.first, '+inf', 'WITHSCORES', 'LIMIT', 0, over + keeps)
  for i = 1, #oldest, 2 do
    if not kept[oldest[i]] then over = over - 1 end
    if over <= 0 then return partOf(tonumber(oldest[i + 1])) end
  end
  return nil
end

local function refuse(i, k, limit)
  local part = freedAt(k, limit)
  local wait = -1
  if part then wait = k.isPeriod and k.length or (part + STEPS + 1) * k.length - now end
  return {0, i - 1, k.before, wait}
end

local function writeItems(k)
  local count = 0
  for item, score in pairs(k.changed) do
    redis.call('ZADD', k.key, score, item)
    count = count + 1
  end
  if count == 0 then return false end
  local over = redis.call('ZRANGEBYSCORE', k.key, 0, '(' .. string.format('%.0f', k.first), 'LIMIT', 0, FORGET)
  if #over > 0 then redis.call('ZREM', k.key, unpack(over)) end
  return true
end

local function writeSends(k)
  if k.added == 0 then return false end
  redis.call('HINCRBY', k.key, k.last, k.added)
  if #k.over > 0 then redis.call('HDEL', k.key, unpack(k.over)) end
  return true
end

-- expire lets a key go once nothing of it counts.
local function expire(k)
  if not k.isPeriod then
    redis.call('PEXPIREAT', k.key, math.ceil((k.last + STEPS + 1) * k.length / 1000))
  elseif not k.isBehind then
    redis.call('PEXPIREAT', k.key, math.ceil((now + k.length + GRACE) / 1000))
  end
end

local answer = {1}
for i = 1, #KEYS - 1 do
  local key, length, period, limit, amount, item = demand(i)
  local k = loaded[key] or load(key, now, length, period, item)
  loaded[key] = k
  if hasRoom(k, limit, amount, item) then
    add(k, amount, item)
    answer[ANSWERS * i - 1] = k.last
  elseif all then
    return refuse(i, k, limit)
  else
    answer[ANSWERS * i - 1] = 0
  end
  answer[ANSWERS * i], answer[ANSWERS * i + 1] = k.total, k.generation
end
for _, k in pairs(loaded) do
  if k.isOfItems and writeItems(k) or not k.isOfItems and writeSends(k) then expire(k) end
end
return answer
