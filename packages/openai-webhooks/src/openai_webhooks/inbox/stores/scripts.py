"""The scripts of the Redis store: each runs as one step that nothing comes between.

Decides the keys. All begin with one hash tag, so that a cluster keeps them in one place:

    {prefix}:event:<id>      a hash with the fields of a record
    {prefix}:received        ids by arrival
    {prefix}:due             ids by when their turn comes or their lease ends
    {prefix}:leased          ids that are leased, by the end of the lease
    {prefix}:done, :dead     ids by when they were settled
    {prefix}:pruned          ids by arrival

KEYS[1] is the tag. Times come and are stored as text: Lua would round them when it writes them.
"""

from __future__ import annotations

# ARGV, for each event: id, type, body, timestamp, received_at. Gives 1 for each that was new.
ADD = """
local answers = {}
for i = 1, #ARGV, 5 do
    local key = KEYS[1] .. ':event:' .. ARGV[i]
    if redis.call('EXISTS', key) == 1 then
        table.insert(answers, 0)
    else
        redis.call('HSET', key, 'id', ARGV[i], 'type', ARGV[i + 1], 'body', ARGV[i + 2],
            'timestamp', ARGV[i + 3], 'received_at', ARGV[i + 4], 'state', 'waiting',
            'due', ARGV[i + 4], 'attempts', 0, 'fence', 0, 'finished', '{}', 'failures', '{}',
            'settled_at', '')
        redis.call('ZADD', KEYS[1] .. ':received', ARGV[i + 4], ARGV[i])
        redis.call('ZADD', KEYS[1] .. ':due', ARGV[i + 4], ARGV[i])
        table.insert(answers, 1)
    end
end
return answers
"""

# ARGV: now, until, limit. Gives the hashes.
CLAIM = """
local found = {}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1] .. ':due', '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(ids) do
    local key = KEYS[1] .. ':event:' .. id
    redis.call('HINCRBY', key, 'attempts', 1)
    redis.call('HINCRBY', key, 'fence', 1)
    redis.call('HSET', key, 'state', 'leased', 'due', ARGV[2])
    redis.call('ZADD', KEYS[1] .. ':due', ARGV[2], id)
    redis.call('ZADD', KEYS[1] .. ':leased', ARGV[2], id)
    table.insert(found, redis.call('HGETALL', key))
end
return found
"""

# ARGV, for each record: id, fence, next_fence, state, due, attempts, finished, failures,
# settled_at.
SAVE = """
local answers = {}
for i = 1, #ARGV, 9 do
    local id, state, due, settled = ARGV[i], ARGV[i + 3], ARGV[i + 4], ARGV[i + 8]
    local key = KEYS[1] .. ':event:' .. id
    if redis.call('HGET', key, 'fence') ~= ARGV[i + 1] then
        table.insert(answers, 0)
    else
        redis.call('HSET', key, 'fence', ARGV[i + 2], 'state', state, 'due', due,
            'attempts', ARGV[i + 5], 'finished', ARGV[i + 6], 'failures', ARGV[i + 7],
            'settled_at', settled)
        for _, name in ipairs({'due', 'leased', 'done', 'dead'}) do
            redis.call('ZREM', KEYS[1] .. ':' .. name, id)
        end
        if due ~= '' then redis.call('ZADD', KEYS[1] .. ':due', due, id) end
        if state == 'leased' then redis.call('ZADD', KEYS[1] .. ':leased', due, id) end
        if settled ~= '' then redis.call('ZADD', KEYS[1] .. ':' .. state, settled, id) end
        table.insert(answers, 1)
    end
end
return answers
"""

# ARGV: until, then for each lease: id, fence.
RENEW = """
local answers = {}
for i = 2, #ARGV, 2 do
    local key = KEYS[1] .. ':event:' .. ARGV[i]
    local held = redis.call('HMGET', key, 'fence', 'state')
    if held[1] ~= ARGV[i + 1] or held[2] ~= 'leased' then
        table.insert(answers, 0)
    else
        redis.call('HSET', key, 'due', ARGV[1])
        redis.call('ZADD', KEYS[1] .. ':due', ARGV[1], ARGV[i])
        redis.call('ZADD', KEYS[1] .. ':leased', ARGV[1], ARGV[i])
        table.insert(answers, 1)
    end
end
return answers
"""

# ARGV: state, before, limit.
PRUNE = """
local from = KEYS[1] .. ':' .. ARGV[1]
local ids = redis.call('ZRANGEBYSCORE', from, '-inf', '(' .. ARGV[2], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(ids) do
    local key = KEYS[1] .. ':event:' .. id
    redis.call('HSET', key, 'state', 'pruned', 'body', '', 'finished', '{}', 'failures', '{}')
    redis.call('ZREM', from, id)
    redis.call('ZADD', KEYS[1] .. ':pruned', redis.call('HGET', key, 'received_at'), id)
end
return #ids
"""

# ARGV: before, limit.
FORGET = """
local from = KEYS[1] .. ':pruned'
local ids = redis.call('ZRANGEBYSCORE', from, '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
    redis.call('DEL', KEYS[1] .. ':event:' .. id)
    redis.call('ZREM', from, id)
    redis.call('ZREM', KEYS[1] .. ':received', id)
end
return #ids
"""

# ARGV: id. Gives the hash.
GET = """
return redis.call('HGETALL', KEYS[1] .. ':event:' .. ARGV[1])
"""

# ARGV: the score to begin with, the id that was last in the page before or '', limit. Gives hashes.
PAGE = """
local from = KEYS[1] .. ':received'
local seen = 0
if ARGV[2] ~= '' then
    -- Ids that came in the same moment as that one, and before it, were in the page before.
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', from, ARGV[1], ARGV[1])) do
        if id <= ARGV[2] then seen = seen + 1 end
    end
end
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', from, ARGV[1], '+inf', 'LIMIT', seen, ARGV[3])) do
    table.insert(found, redis.call('HGETALL', KEYS[1] .. ':event:' .. id))
end
return found
"""

# Gives how many are due or leased, leased, done, dead and pruned.
COUNTS = """
local counts = {}
for _, name in ipairs({'due', 'leased', 'done', 'dead', 'pruned'}) do
    table.insert(counts, redis.call('ZCARD', KEYS[1] .. ':' .. name))
end
return counts
"""

# Gives seconds and microseconds.
TIME = "return redis.call('TIME')"

ALL = (ADD, CLAIM, SAVE, RENEW, PRUNE, FORGET, GET, PAGE, COUNTS, TIME)
