import type { CallKind, CallPriority } from './callKind.js';
import { LIVE_LOGS, type LogName } from './sharedBudget.js';

/** What Linode is assumed to allow until a response says: calls a minute of all kinds, and reads of one kind. */
export const DEFAULT_LIMIT = 400;
export const DEFAULT_READ_LIMITS = { view: 240, other: 140 } as const;

/** What reads leave to writes, as a share of the limit, and as a number at least (but never more than half). */
const WRITE_SHARE = 0.15;
const MIN_WRITE_RESERVE = 60;
/** What background reads leave to all others, as a share of the limit. */
const INTERACTIVE_SHARE = 0.4;
/** What views of unknown IDs may take of what views may. */
const UNKNOWN_ID_SHARE = 0.1;
/** What the poller of subscriptions may take of each limit. */
export const LIVE_SHARE = 0.25;

/** No more calls than `max` in a sliding minute, of those at `since` or later on the clock. */
export interface Limit {
  log: LogName;
  max: number;
  since?: number;
}

/** What is known of Linode's limits. */
export interface KnownLimits {
  listsPerMinute: number;
  /** Of all other calls, as Linode's headers say; undefined before the first. */
  limit: number | undefined;
  /** When Linode's present window began at the latest, on the clock; undefined while one is known to be under way. */
  windowBegan: number | undefined;
}

/** The limits that calls keep within. */
export function limitsOf(kind: CallKind, priority: CallPriority, known: KnownLimits): Limit[] {
  const left = leftToOthers(kind, priority, known.limit);
  const isLive = priority === 'live';
  if (kind === 'list') {
    const lists: Limit = { log: 'list', max: known.listsPerMinute - left };
    return isLive ? [lists, { log: LIVE_LOGS.list, max: liveShareOf(known.listsPerMinute) }] : [lists];
  }
  const limit = known.limit ?? DEFAULT_LIMIT;
  if (kind === 'write') {
    // A write passes whenever Linode would accept it: if its window is known, nothing else counts.
    const since = known.windowBegan;
    return since === undefined ? [] : [{ log: 'all', max: limit, since }];
  }
  const limits: Limit[] = [{ log: 'all', max: limit - left }];
  const max = known.limit === undefined ? DEFAULT_READ_LIMITS[kind] : limit - left;
  if (known.limit === undefined) limits.push({ log: kind, max });
  if (isLive) {
    limits.push({ log: 'liveAll', max: liveShareOf(limit) });
    if (known.limit === undefined) limits.push({ log: LIVE_LOGS[kind], max: liveShareOf(max) });
  }
  if (priority === 'unknownId') {
    limits.push({ log: 'unknownId', max: Math.max(1, Math.floor(max * UNKNOWN_ID_SHARE)) });
  }
  return limits;
}

/** How many calls of Linode's limit these calls leave to calls that matter more. */
export function leftToOthers(kind: CallKind, priority: CallPriority, known: number | undefined): number {
  if (kind === 'write') return 0;
  const yields = priority === 'background' || priority === 'live';
  if (kind === 'list') return yields ? 1 : 0;
  const limit = known ?? DEFAULT_LIMIT;
  const toWrites = Math.min(Math.max(MIN_WRITE_RESERVE, limit * WRITE_SHARE), limit / 2);
  return Math.floor(yields ? Math.max(toWrites, limit * INTERACTIVE_SHARE) : toWrites);
}

const liveShareOf = (max: number): number => Math.floor(max * LIVE_SHARE);
