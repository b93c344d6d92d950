import type { Script } from '../redis/redis.js';

/**
 * KEYS[1]: a hash of what the processes agree on: `i` the log's incarnation, `b` when it began, `s` its last position,
 * `m:MEMBER` when that lease lapses. KEYS[2]: the log, a sorted set of entries by position. All times are Redis's own,
 * in µs. A position is a time too, so that a Redis that lost its last writes assigns none twice.
 *
 * ARGV[1]: member, ARGV[2]: the incarnation that it follows, ARGV[3]: the position that it has applied, ARGV[4]: the
 * length of a lease. A log that knows less than its readers have applied has lost something: another one begins.
 */
const PREAMBLE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local text = function(n) return string.format('%.0f', n) end
  local member, followed, applied, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
  local incarnation = redis.call('HGET', KEYS[1], 'i')
  local last = tonumber(redis.call('HGET', KEYS[1], 's') or '')
  local born = tonumber(redis.call('HGET', KEYS[1], 'b') or '')
  if not incarnation or not last or not born or (followed == incarnation and applied > last) then
    redis.call('DEL', KEYS[1], KEYS[2])
    incarnation, last, born = member .. text(now), now, now
    redis.call('HSET', KEYS[1], 'i', incarnation, 's', text(now), 'b', text(now))
  end
  -- The entries after the applied position; false if some are lost.
  local missed = function()
    local entries = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. text(applied), '+inf')
    if #entries == 0 then return applied == last and entries end
    return entries[1]:match('^%d+ (%d+) ') == text(applied) and entries
  end
`;

/** Lapsed leases count as processes that are alone for so long, in µs, but never as more than there are leases. */
const REMEMBERED_US = 600_000_000;

/** ARGV[5]: processes as known to the member. Replies `{1, live, known}`, `{2, last, missed or false}`, or `{3, incarnation, last}`. */
export const RENEW: Script = {
  lua: `${PREAMBLE}
    if followed ~= incarnation then return {3, incarnation, text(last)} end
    if applied < last then return {2, text(last), missed()} end
    redis.call('HSET', KEYS[1], 'm:' .. member, text(now + lease))
    local live, lapsed = 0, 0
    local fields = redis.call('HGETALL', KEYS[1])
    for at = 1, #fields, 2 do
      if fields[at]:sub(1, 2) == 'm:' then
        local till = tonumber(fields[at + 1]) or 0
        if till > now then live = live + 1
        elseif till > now - ${REMEMBERED_US} then lapsed = lapsed + 1
        else redis.call('HDEL', KEYS[1], fields[at]) end
      end
    end
    local known = live + math.min(lapsed, live)
    if now - born < ${REMEMBERED_US} then known = math.max(known, tonumber(ARGV[5])) end
    return {1, live, known}`,
};

/**
 * ARGV[5]: the change, ARGV[6]: the channel, ARGV[7]: entries that are stored at most. KEYS from the third on are deleted.
 * Replies `{incarnation, position, previous, missed or false, unknown leases, member, remaining, member, remaining...}`.
 */
export const APPEND: Script = {
  lua: `${PREAMBLE}
    local seq = math.max(last + 1, now)
    local before = followed == incarnation and missed()
    local entry = text(seq) .. ' ' .. text(last) .. ' ' .. member .. ' ' .. ARGV[5]
    redis.call('ZADD', KEYS[2], text(seq), entry)
    redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - ARGV[7])
    redis.call('HSET', KEYS[1], 's', text(seq))
    for at = 3, #KEYS do redis.call('DEL', KEYS[at]) end
    redis.call('PUBLISH', ARGV[6], entry)
    local reply = {incarnation, text(seq), text(last), before, text(math.max(0, born + lease - now))}
    local fields = redis.call('HGETALL', KEYS[1])
    for at = 1, #fields, 2 do
      local till = tonumber(fields[at + 1])
      if fields[at]:sub(1, 2) == 'm:' and fields[at] ~= 'm:' .. member and till and till > now then
        reply[#reply + 1] = fields[at]:sub(3)
        reply[#reply + 1] = text(till - now)
      end
    end
    return reply`,
};

/** Ends the lease of ARGV[1]. */
export const LEAVE: Script = { lua: `return redis.call('HDEL', KEYS[1], 'm:' .. ARGV[1])` };
