import type { CallKind, CallPriority } from './callKind.js';

/**
 * The logs of calls that limits count. Each call is in `all`, in its kind's, and perhaps in those of its priority.
 * `liveAll` is without lists.
 */
export const LOG_NAMES = [
  ...(['all', 'list', 'view', 'other', 'write', 'unknownId'] as const),
  ...(['liveAll', 'liveList', 'liveView', 'liveOther'] as const),
] as const;
export type LogName = (typeof LOG_NAMES)[number];

export const LIVE_LOGS = { list: 'liveList', view: 'liveView', other: 'liveOther' } as const;

/** Where a call is counted. */
export function logsOf(kind: CallKind, priority: CallPriority): LogName[] {
  const logs: LogName[] = ['all', kind];
  if (priority === 'unknownId') logs.push('unknownId');
  if (priority === 'live' && kind !== 'write') logs.push(LIVE_LOGS[kind]);
  if (priority === 'live' && kind !== 'write' && kind !== 'list') logs.push('liveAll');
  return logs;
}

/** When a call was made, and what distinguishes it from the others of this process. */
export interface LoggedCall {
  id: string;
  ageMs: number;
}

/** Calls that one process wants to make. */
export interface SharedRequest {
  kind: CallKind;
  /** One for each call. */
  ids: readonly string[];
  /** Where they are counted. */
  logs: readonly LogName[];
  /** No more than `max` in a minute, or in the last `sinceMs`. */
  limits: readonly { log: LogName; max: number; sinceMs?: number }[];
  /** The calls of this kind that this process has made within the minute, if there are few: they must be counted. */
  own: readonly LoggedCall[];
}

/** One caller's budget in all processes. */
export interface SharedBudget {
  /** How many processes share it, as last known. */
  readonly processes: number;
  /** Since when this process is alone, on the clock; undefined while it is not. */
  readonly aloneSince: number | undefined;
  /**
   * Reserves all of these calls or none.
   * @returns 0 if they are reserved, else in how many ms to try again; undefined while the other processes are away
   */
  reserve(request: SharedRequest): Promise<number | undefined>;
  /** Returns calls that were not sent. */
  release(ids: readonly string[], logs: readonly LogName[]): void;
  /** No process makes calls of this kind for so long. */
  pause(kind: CallKind, pauseMs: number): void;
  /** Counts calls that were made while the others were away, or that Redis has lost. */
  restore(calls: ReadonlyMap<LogName, readonly LoggedCall[]>): Promise<void>;
}

/** What this process may use of a limit while it is alone: its share, and less as long as others' calls may count. */
export const shareOf = (max: number, processes: number): number =>
  Math.max(1, Math.floor(max / Math.max(1, processes)));

/**
 * The share of a limit that all processes together may use in the first minute alone, in addition to what they used
 * together before: as much as the limit of lists is below Linode's.
 */
export const FIRST_MINUTE_SHARE = 1 / 3;
