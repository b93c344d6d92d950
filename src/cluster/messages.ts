import type { WireCaller } from '../linode/caller.js';
import type { UpstreamCall } from '../linode/client/client.js';
import type { CallPriority } from '../linode/client/rateBudget.js';
import type { CacheResult } from '../catalog/reading.js';
import type { LinodeImage } from '../linode/api/images.js';
import type {
  CreateImageBody,
  LinodeImageUpload,
  UpdateImageBody,
  UploadImageBody,
} from '../linode/api/imageWrites.js';
import type { LinodeList } from '../linode/api/page.js';
import type { RegionsResult, RegionsWrite } from '../catalog/sharedCatalogs.js';
import type { LinodeRegion } from '../linode/api/regions.js';
import type { UnreadableRow } from '../linode/shapes.js';
import type { WireError } from './wireErrors.js';

/**
 * What workers and their primary tell each other. Clocks of two processes are near but not equal, so what travels
 * are ages and durations. Tokens travel, inside this machine: messages are never logged.
 */

/** On what terms a worker's operation reads. */
export interface WireTerms {
  deadlineInMs: number;
  maxAgeMs: number | undefined;
  /** When the operation's reads began, as the primary told at the first of them; undefined at the first. */
  since: number | undefined;
  /** What the reads are for; undefined: a client waits for them. */
  priority?: CallPriority;
}

/** What a read came to; see `Reading`. */
export interface Came {
  /** When the operation's reads began, in the primary's order. */
  since: number;
  results: CacheResult[];
  ageMs: number;
  staleAgeMs: number | undefined;
  freshForMs: number;
}

/** One caller's images as the primary knows them when it tells. */
export interface CatalogState {
  /** The primary's. */
  version: number;
  epoch: number;
  /** Absent where the worker has that version. */
  images?: readonly LinodeImage[];
  /** Rows of the list that could not be read; comes with `images`. */
  unreadable?: readonly UnreadableRow[];
  /** Of the list. */
  ageMs: number;
  /** Undefined: the list is not fresh. */
  freshForMs: number | undefined;
  /** When to ask anew where many read it; undefined: not before it is too old. */
  aheadInMs: number | undefined;
  /** Whether the list began after the operation's reads did. */
  isAnew: boolean;
}

interface Asked extends WireCaller {
  /** The caller's; null for the anonymous one. */
  terms: WireTerms;
}
interface Written extends WireCaller {
  deadlineInMs: number;
}

/** Each kind of question with its answer. */
export interface Exchanges {
  list: {
    /** `version`: the one that the worker has. */
    question: Asked & { version: number | undefined };
    answer: { state: CatalogState; came: Came };
  };
  get: {
    /** `alsoAsked`: IDs that the worker answered by itself since it last asked. */
    question: Asked & { ids: readonly string[]; alsoAsked: readonly string[]; version: number | undefined };
    answer: {
      images: (LinodeImage | null | { error: WireError })[];
      /** Where the list is fresh. */
      state: CatalogState | undefined;
      came: Came;
    };
  };
  read: {
    question: Asked & { path: string; xFilter: string | undefined; needsToken: boolean };
    /** JSON, of whatever shape. */
    answer: { json: unknown; came: Came };
  };
  regions: { question: Asked; answer: { regions: LinodeList<LinodeRegion>; came: Came } };
  create: { question: Written & { body: CreateImageBody }; answer: LinodeImage };
  upload: { question: Written & { body: UploadImageBody }; answer: LinodeImageUpload };
  update: { question: Written & { id: string; body: UpdateImageBody }; answer: LinodeImage };
  setRegions: { question: Written & { id: string; write: RegionsWrite }; answer: RegionsResult };
  delete: { question: Written & { id: string }; answer: null };
  reach: { question: WireCaller & { work: string; percent: number | null }; answer: number | null };
  /** Counts one request for the rate limit: 0 if it is within the limit, else after how many ms to retry. */
  consume: { question: { address: string; callerKey: string | null }; answer: number };
  /** All metrics of all processes, in Prometheus' text format. */
  metrics: { question: null; answer: string };
}
export type Kind = keyof Exchanges;
export type QuestionOf<K extends Kind> = Exchanges[K]['question'];
export type AnswerOf<K extends Kind> = Exchanges[K]['answer'];

/** `id` tells calls apart that several answers tell of. */
export type WireCall = UpstreamCall & { id: number };

export type ToPrimary =
  | { type: 'ask'; id: number; kind: Kind; question: QuestionOf<Kind> }
  | { type: 'abort'; id: number; reason: WireError }
  | { type: 'dropped'; id: number }
  | { type: 'filterRefused'; callerKey: string; kind: string }
  | { type: 'collected'; id: number; metrics: object[] }
  /** Said every second. */
  | { type: 'alive' }
  /** The worker hears: what was sent before is lost. */
  | { type: 'hello' }
  | { type: 'listening'; url: string }
  | { type: 'failed'; lines: readonly string[] };

export type ToWorker =
  | { type: 'welcome'; linodeApiUrl: string; port: number; isSandbox: boolean; hasUpstreamAnswered: boolean }
  | { type: 'answer'; id: number; outcome: { value: unknown } | { error: WireError }; calls: WireCall[] }
  /** Everything known of the caller is to be forgotten: `dropped` says that it is. */
  | { type: 'drop'; id: number; callerKey: string; epoch: number }
  /** Another worker brought news of the caller's images: ask before answering again. */
  | { type: 'moved'; callerKey: string; version: number }
  | { type: 'filterRefused'; callerKey: string; kind: string }
  | { type: 'upstreamAnswered' }
  | { type: 'collect'; id: number }
  | { type: 'unready' }
  | { type: 'close' };
