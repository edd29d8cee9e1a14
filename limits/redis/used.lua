-- Says how much there is of a key. KEYS: that of the secret, that of the demand. ARGV: the digest
-- of the secret; the time, or nothing; the length of a part in microseconds, the limit, the
-- amount and the item, or nothing. Answers {1, used, 1 if there is room for the demand}.
if not knows(KEYS[1], ARGV[1]) then return {-1} end
local k = load(KEYS[2], clock(ARGV[2]), tonumber(ARGV[3]), ARGV[6])
return {1, k.total, hasRoom(k, tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]) and 1 or 0}
