import { z } from 'zod';
import type { ImageCatalog } from '../catalog/images/imageCatalog.js';
import type { Catalogs } from '../catalog/catalogs.js';
import { Reading } from '../catalog/reading.js';
import type { Clock } from '../clock.js';
import { fromWire, type Caller, type WireCaller } from '../linode/caller.js';
import type { CallTerms } from '../linode/client/client.js';
import type { Answers, Asking } from './answerer.js';
import type { Came, CatalogState, WireTerms } from './messages.js';
import { encodeError } from './wireErrors.js';

/** Everything that is asked of the primary's catalogs. */
export type CatalogAnswers = Omit<Answers, 'consume' | 'metrics'>;

export interface CatalogAnswersOptions {
  catalogs: Catalogs;
  clock: Clock;
  /** Resolves when no worker remembers any more what the caller's writes, or its refusal, made wrong. */
  forgotten: (caller: Caller) => Promise<void>;
  /** Told before each answer that speaks of a caller's images. */
  onTold: (caller: Caller, version: number) => void;
}

/** Answers a worker's questions as `Catalogs` answers operations when there is but one process. */
export function createCatalogAnswers(options: CatalogAnswersOptions): CatalogAnswers {
  const { catalogs, clock, forgotten, onTold } = options;

  function readingOf(terms: WireTerms, asking: Asking): Reading {
    const { since, maxAgeMs } = terms;
    const began = catalogs.reading(callTerms(terms, asking), maxAgeMs);
    if (since === undefined) return began;
    return new Reading({ ...began.began, seq: since }, callTerms(terms, asking), maxAgeMs);
  }

  const callTerms = (
    { deadlineInMs, priority }: Pick<WireTerms, 'deadlineInMs' | 'priority'>,
    { signal, onCall }: Asking,
  ): CallTerms => ({
    deadlineAt: clock.now() + deadlineInMs,
    signal,
    onCall,
    ...(priority && { priority }),
  });

  /** Runs a read, tells what calls it noted, and waits for what it may have made wrong. */
  async function read<T>(
    caller: Caller,
    terms: WireTerms,
    asking: Asking,
    run: (reading: Reading) => Promise<T>,
  ): Promise<{ value: T; came: Came }> {
    const reading = readingOf(terms, asking);
    try {
      const value = await run(reading);
      await forgotten(caller);
      return { value, came: cameOf(reading) };
    } catch (error) {
      await forgotten(caller);
      throw error;
    } finally {
      for (const call of reading.calls) asking.onCall(call);
    }
  }

  async function write<T>(
    question: WireCaller & { deadlineInMs: number },
    asking: Asking,
    run: (catalog: ImageCatalog, terms: CallTerms) => Promise<T>,
  ): Promise<T> {
    const caller = fromWire(question);
    try {
      return await run(catalogs.of(caller), callTerms(question, asking));
    } finally {
      await forgotten(caller);
    }
  }

  /** What is known at this moment, which is the one at which it must be sent. */
  function stateOf(
    caller: Caller,
    catalog: ImageCatalog,
    since: number,
    known: number | undefined,
  ): CatalogState {
    const { version, epoch, ageMs = Infinity } = catalog;
    onTold(caller, version);
    return {
      version,
      epoch,
      ...(version !== known && { images: catalog.images, unreadable: catalog.unreadable }),
      ageMs,
      freshForMs: catalog.peek()?.freshForMs,
      aheadInMs: catalog.aheadInMs,
      isAnew: catalog.isListedSince(since),
    };
  }

  return {
    async list({ terms, version, ...wire }, asking) {
      const caller = fromWire(wire);
      const catalog = catalogs.of(caller);
      const { came } = await read(caller, terms, asking, (reading) => catalog.list(reading));
      return { state: stateOf(caller, catalog, came.since, version), came };
    },

    async get({ terms, ids, alsoAsked, version, ...wire }, asking) {
      const caller = fromWire(wire);
      const catalog = catalogs.of(caller);
      const { value, came } = await read(caller, terms, asking, (reading) =>
        catalog.get(ids, reading, alsoAsked),
      );
      const images = value.map((one) => (one instanceof Error ? { error: encodeError(one) } : one));
      const isFresh = catalog.peek() !== undefined;
      if (!isFresh) onTold(caller, catalog.version);
      return { images, state: isFresh ? stateOf(caller, catalog, came.since, version) : undefined, came };
    },

    async read({ terms, path, xFilter, needsToken, ...wire }, asking) {
      const caller = fromWire(wire);
      const request = {
        kind: 'other' as const,
        path,
        ...(xFilter !== undefined && { xFilter }),
        needsToken,
        shape: z.unknown(),
      };
      const { value, came } = await read(caller, terms, asking, (reading) =>
        catalogs.linode(caller, reading).read(request, reading.terms),
      );
      return { json: value, came };
    },

    async regions({ terms, ...wire }, asking) {
      const { value, came } = await read(fromWire(wire), terms, asking, (reading) =>
        catalogs.regions.list(reading),
      );
      return { regions: value, came };
    },

    create: (question, asking) =>
      write(question, asking, (catalog, terms) => catalog.create(question.body, terms)),
    upload: (question, asking) =>
      write(question, asking, (catalog, terms) => catalog.upload(question.body, terms)),
    update: (question, asking) =>
      write(question, asking, (catalog, terms) => catalog.update(question.id, question.body, terms)),
    setRegions: (question, asking) =>
      write(question, asking, (catalog, terms) => catalog.setRegions(question.id, question.write, terms)),
    async delete(question, asking) {
      await write(question, asking, (catalog, terms) => catalog.delete(question.id, terms));
      return null;
    },

    reach: ({ work, percent, ...wire }) => catalogs.highWaterMark.reach(fromWire(wire), work, percent),
  };
}

const cameOf = ({ began, results, ageMs, staleAgeMs, freshForMs }: Reading): Came => ({
  since: began.seq,
  results: [...results],
  ageMs,
  staleAgeMs,
  freshForMs,
});
