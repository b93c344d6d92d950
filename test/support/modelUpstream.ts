import type { Scheduler } from 'fast-check';
import type { LinodeImage } from '../../src/linode/api/images.js';
import { LinodeUnavailable } from '../../src/linode/errors.js';
import type { Transport, WireRequest, WireResponse } from '../../src/linode/client/wire.js';

/**
 * An upstream in memory whose every request is processed, and every response delivered, when the scheduler says:
 * in any order. Responses to writes may be lost: the error's `cause` is the body. Labels count versions: `private/1` is `v1`, after an update `v2`.
 */
export class ModelUpstream implements Transport {
  readonly images = new Map<string, number>();
  #lastId = 0;
  #writes = 0;

  /** @param lost the writes whose responses are lost, counted from 0 as they are processed */
  constructor(
    private readonly scheduler: Scheduler,
    initial: number,
    private readonly lost: readonly number[] = [],
  ) {
    for (let i = 0; i < initial; i++) this.#create();
  }

  async send(request: WireRequest): Promise<WireResponse> {
    const what = `${request.method} ${request.path}`;
    await this.scheduler.schedule(Promise.resolve(), `${what} arrives`);
    const { status, body } = this.#process(request);
    const isLost = request.method !== 'GET' && this.lost.includes(this.#writes++);
    await this.scheduler.schedule(Promise.resolve(), `${what} is answered`);
    if (request.signal?.aborted) throw request.signal.reason;
    if (isLost) {
      const facts = { method: request.method, path: request.path, sent: true, cause: body };
      throw new LinodeUnavailable('The response is lost', facts);
    }
    return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #process({ method, path }: WireRequest): { status: number; body: unknown } {
    const id = decodeURIComponent(/^\/images\/([^?]+)$/.exec(path)?.[1] ?? '');
    const version = this.images.get(id);
    if (method === 'POST') return { status: 200, body: this.#wire(this.#create()) };
    if (id === '') {
      const data = [...this.images.keys()].map((one) => this.#wire(one));
      return { status: 200, body: { data, page: 1, pages: 1, results: data.length } };
    }
    if (version === undefined) return { status: 404, body: { errors: [{ reason: 'Not found' }] } };
    if (method === 'PUT') this.images.set(id, version + 1);
    if (method === 'DELETE') this.images.delete(id);
    return { status: 200, body: method === 'DELETE' ? {} : this.#wire(id) };
  }

  #create(): string {
    const id = `private/${++this.#lastId}`;
    this.images.set(id, 1);
    return id;
  }

  #wire(id: string): LinodeImage {
    return {
      id,
      label: `v${this.images.get(id)}`,
      description: '',
      created: '2024-01-01T00:00:00',
      updated: '2024-01-01T00:00:00',
      created_by: 'alice',
      is_public: false,
      deprecated: false,
      size: 1,
      type: 'manual',
      status: 'available',
      capabilities: [],
      vendor: null,
      expiry: null,
      eol: null,
      tags: [],
      total_size: 1,
      regions: [],
      is_shared: null,
      image_sharing: null,
    };
  }
}
