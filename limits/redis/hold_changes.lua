-- Reads what is held. KEYS: that of the order, then that of each hold. ARGV: the ID of each. Answers
-- what is kept of each, or nothing: it is over, and leaves the order.
local answer = {}
for i = 1, #KEYS - 1 do
  answer[i] = redis.call('GET', KEYS[i + 1])
  if not answer[i] then
    redis.call('ZREM', KEYS[1], ARGV[i])
    answer[i] = ''
  end
end
return answer
