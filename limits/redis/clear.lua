-- Forgets what was counted of keys. KEYS: those. Of a key that has something, what comes after is
-- another generation, of which nothing is given back that was reserved before; that outlives what it
-- had no longer than the key would have been kept.
local CHUNK = 1000

local function clearSends(key, flat)
  local fields = {}
  for i = 1, #flat, 2 do
    if flat[i] ~= GENERATION then fields[#fields + 1] = flat[i] end
  end
  if #fields == 0 then return end
  redis.call('HINCRBY', key, GENERATION, 1)
  for i = 1, #fields, CHUNK do
    redis.call('HDEL', key, unpack(fields, i, math.min(i + CHUNK - 1, #fields)))
  end
end

local function clearItems(key)
  local items = redis.call('ZRANGEBYSCORE', key, 0, '+inf', 'LIMIT', 0, CHUNK)
  if #items == 0 then return end
  redis.call('ZADD', key, -(generationOfItems(key) + 1), GENERATION)
  while #items > 0 do
    redis.call('ZREM', key, unpack(items))
    items = redis.call('ZRANGEBYSCORE', key, 0, '+inf', 'LIMIT', 0, CHUNK)
  end
end

for _, key in ipairs(KEYS) do
  local flat = redis.pcall('HGETALL', key)
  if flat.err then clearItems(key) else clearSends(key, flat) end
end
return {1}
