-- Writes what is held. KEYS: that of the numbers, that of the order, then that of each hold. ARGV:
-- of each hold its ID, when it changed, in nanoseconds of twenty digits, when it is over, in
-- milliseconds, or nothing, and its document. Each write has a greater number than the one before.
local ARGUMENTS, CHANGED = 4, 20

local number = redis.call('HINCRBY', KEYS[1], 'last', 1)
for i = 1, #KEYS - 2 do
  local a, key = (i - 1) * ARGUMENTS + 1, KEYS[i + 2]
  local id, changed, over, document = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
  local known = redis.call('GET', key)
  if not known or string.sub(known, 1, CHANGED) < changed then
    redis.call('SET', key, changed .. document)
    if over ~= '' then redis.call('PEXPIREAT', key, over) end
    redis.call('ZADD', KEYS[2], number, id)
  end
end
return number
