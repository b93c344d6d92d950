import type { Script } from '../../redis/redis.js';

/**
 * KEYS[1]: a hash of what was fetched for one caller: `v:NAME` is when that fetch began and the value, `l:NAME` is the
 * lock, `MEMBER TOKEN BEGAN UNTIL`. A write deletes the hash, so that what began before it can be neither taken nor
 * stored. KEYS[2]: the leases: a lock whose owner's lease lapsed two seconds ago is void, since a process that is
 * merely slow still has its fetch in flight. Times are those of Redis, in µs.
 */
const NOW = `
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local text = function(n) return string.format('%.0f', n) end
`;

/** Digits of a time in µs, until the year 2286. */
export const TIME_DIGITS = 16;

/**
 * ARGV: name, largest age, member, token, duration of the lock, lifetime of the hash in ms. Replies `{1, age, value}`,
 * `{2}` when the lock was taken, or `{3}` when another process has it.
 */
export const TAKE: Script = {
  lua: `${NOW}
    local stored = redis.call('HGET', KEYS[1], 'v:' .. ARGV[1])
    local began = stored and tonumber(stored:sub(1, ${TIME_DIGITS}))
    if began and now - began < tonumber(ARGV[2]) then
      return {1, text(now - began), stored:sub(${TIME_DIGITS + 1})}
    end
    local lock = redis.call('HGET', KEYS[1], 'l:' .. ARGV[1])
    if lock then
      local owner, till = lock:match('^(%S+) %S+ %d+ (%d+)$')
      local lease = owner and tonumber(redis.call('HGET', KEYS[2], 'm:' .. owner) or '')
      if lease and lease + 2000000 > now and tonumber(till) > now then return {3} end
    end
    if redis.call('HLEN', KEYS[1]) > 1000 then redis.call('DEL', KEYS[1]) end
    local until_ = text(now + tonumber(ARGV[5]))
    redis.call('HSET', KEYS[1], 'l:' .. ARGV[1], ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. text(now) .. ' ' .. until_)
    redis.call('PEXPIRE', KEYS[1], ARGV[6])
    return {2}`,
};

/**
 * Stores a value if the lock is still the same one, and releases it. ARGV: name, member, token, value or '' after a
 * failure, lifetime of the hash in ms, channel, message. Replies 1 if it was.
 */
export const STORE: Script = {
  lua: `
    local lock = redis.call('HGET', KEYS[1], 'l:' .. ARGV[1])
    local began = lock and lock:match('^' .. ARGV[2] .. ' ' .. ARGV[3] .. ' (%d+) ')
    if not began then return 0 end
    redis.call('HDEL', KEYS[1], 'l:' .. ARGV[1])
    if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'v:' .. ARGV[1], began .. ARGV[4]) end
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
    redis.call('PUBLISH', ARGV[6], ARGV[7])
    return 1`,
};

/** Raises a percentage: ARGV: job, percentage or '', lifetime in ms. Replies with the highest as text, or false. */
export const REACH: Script = {
  lua: `
    local mark = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '')
    local percent = tonumber(ARGV[2])
    if percent and (not mark or percent > mark) then
      mark = percent
      redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
    end
    return mark and tostring(mark)`,
};
