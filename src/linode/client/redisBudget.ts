import type { Peers } from '../../peers/peers.js';
import { PEERS_KEY, PREFIX } from '../../peers/redisTransport.js';
import type { Redis, Script } from '../../redis/redis.js';
import type { Caller } from '../caller.js';
import type { CallKind } from './callKind.js';
import type { LoggedCall, LogName, SharedBudget, SharedRequest } from './sharedBudget.js';

/** A little more than the minute that limits count. */
const LIFETIME_MS = 61_000;

/**
 * Sliding logs: sorted sets of calls by time, in µs of Redis. Processes whose leases lapsed may be alone and use their
 * shares: the others leave them out. KEYS[1]: the leases, KEYS[2]: the pause, then the logs. ARGV: incarnation of the
 * leases, processes as known to this one, lifetime in ms, ids as JSON, how many of the first logs they are added to,
 * limits as JSON `[log, max, since]`, own calls as JSON `[id, age]` and their log. Replies in µs: 0 when they are
 * reserved, how long to wait, or -1 if this process has to renew its lease first.
 */
const RESERVE: Script = {
  lua: `
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local text = function(n) return string.format('%.0f', n) end
    local minute = 60000000
    local fields = redis.call('HGETALL', KEYS[1])
    local incarnation, born, live, lapsed = '', 0, 0, 0
    for at = 1, #fields, 2 do
      local value = fields[at + 1]
      if fields[at] == 'i' then incarnation = value
      elseif fields[at] == 'b' then born = tonumber(value)
      elseif fields[at]:sub(1, 2) == 'm:' then
        if tonumber(value) > now then live = live + 1 else lapsed = lapsed + 1 end
      end
    end
    if incarnation ~= ARGV[1] then return '-1' end
    live = math.max(1, live)
    local known = live + math.min(lapsed, live)
    -- A log that is young does not know all processes.
    if now - born < 10 * minute then known = math.max(known, tonumber(ARGV[2])) end
    local ids, limits, own = cjson.decode(ARGV[4]), cjson.decode(ARGV[6]), cjson.decode(ARGV[7])
    local log = function(index) return KEYS[2 + index] end
    for _, call in ipairs(own) do
      redis.call('ZADD', log(tonumber(ARGV[8])), 'NX', text(now - call[2]), call[1])
    end
    local wait = math.max(0, redis.call('PTTL', KEYS[2])) * 1000
    for _, limit in ipairs(limits) do
      local key, since = log(limit[1]), now - math.min(minute, limit[3])
      local max = math.max(1, math.floor(limit[2] * live / known))
      redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now - minute))
      local count = redis.call('ZCOUNT', key, '(' .. text(since), '+inf')
      local excess = count + #ids - max
      if excess > 0 then
        local skip = math.max(0, math.min(excess, count) - 1)
        local entry = redis.call('ZRANGEBYSCORE', key, '(' .. text(since), '+inf', 'WITHSCORES', 'LIMIT', skip, 1)
        wait = math.max(wait, (tonumber(entry[2]) or now) + minute - now)
      end
    end
    if wait > 0 then return text(wait) end
    for index = 1, tonumber(ARGV[5]) do
      for _, id in ipairs(ids) do redis.call('ZADD', log(index), text(now), id) end
      redis.call('PEXPIRE', log(index), ARGV[3])
    end
    return '0'`,
};

/** KEYS: logs. ARGV: lifetime in ms, then for each log its calls as JSON `[id, age in µs]`. */
const RESTORE: Script = {
  lua: `
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    for index, key in ipairs(KEYS) do
      for _, call in ipairs(cjson.decode(ARGV[1 + index])) do
        redis.call('ZADD', key, 'NX', string.format('%.0f', now - call[2]), call[1])
      end
      redis.call('PEXPIRE', key, ARGV[1])
    end
    return 1`,
};

/** KEYS: logs. ARGV: ids. */
const RELEASE: Script = {
  lua: `for _, key in ipairs(KEYS) do redis.call('ZREM', key, unpack(ARGV)) end return 1`,
};

/** One caller's budget in Redis. */
export class RedisBudget implements SharedBudget {
  constructor(
    private readonly redis: Redis,
    private readonly peers: Peers,
    private readonly caller: Caller,
  ) {}

  get processes(): number {
    return this.peers.known;
  }

  get aloneSince(): number | undefined {
    return this.peers.aloneSince;
  }

  async reserve({ kind, ids, logs, limits, own }: SharedRequest): Promise<number | undefined> {
    const names = [...new Set([...logs, ...limits.map(({ log }) => log), kind])];
    const indexOf = (log: LogName): number => names.indexOf(log) + 1;
    try {
      const reply = await this.redis.run(
        RESERVE,
        [PEERS_KEY, this.#pauseKey(kind), ...names.map((name) => this.#logKey(name))],
        [
          this.peers.incarnation,
          this.peers.known,
          LIFETIME_MS,
          JSON.stringify(ids),
          logs.length,
          JSON.stringify(
            limits.map(({ log, max, sinceMs }) => [indexOf(log), max, micros(sinceMs ?? 60_000)]),
          ),
          JSON.stringify(entriesOf(own)),
          indexOf(kind),
        ],
      );
      const waitMs = Number((reply as Buffer).toString()) / 1000;
      if (waitMs >= 0) return Math.ceil(waitMs);
      this.peers.reconnect();
    } catch {
      // Redis is away.
    }
    return undefined;
  }

  release(ids: readonly string[], logs: readonly LogName[]): void {
    if (ids.length === 0) return;
    const keys = logs.map((name) => this.#logKey(name));
    this.redis.run(RELEASE, keys, ids).catch(() => undefined);
  }

  pause(kind: CallKind, pauseMs: number): void {
    this.redis.set(this.#pauseKey(kind), Buffer.from('1'), Math.max(1, pauseMs)).catch(() => undefined);
  }

  async restore(calls: ReadonlyMap<LogName, readonly LoggedCall[]>): Promise<void> {
    const keys = [...calls.keys()].map((name) => this.#logKey(name));
    const entries = [...calls.values()].map((each) => JSON.stringify(entriesOf(each)));
    await this.redis.run(RESTORE, keys, [LIFETIME_MS, ...entries]);
  }

  #logKey(name: LogName): string {
    return `${PREFIX}calls:${this.caller.key}:${name}`;
  }

  #pauseKey(kind: CallKind): string {
    return `${PREFIX}pause:${this.caller.key}:${kind}`;
  }
}

const micros = (ms: number): number => Math.max(0, Math.round(ms * 1000));

const entriesOf = (calls: readonly LoggedCall[]): [string, number][] =>
  calls.map(({ id, ageMs }) => [id, micros(ageMs)]);
