import type { AddressInfo } from 'node:net';
import { addAccount, putImage, removeImage, type NewAccount } from './world/accounts.js';
import { serveApi } from './api/api.js';
import { Faults, type Fault } from './server/faults.js';
import { visibleImages } from './world/images.js';
import { RateLimits } from './api/rateLimit.js';
import { countLines, type SandboxRequest } from './requestLog.js';
import { seed } from './seed/seed.js';
import { createSandboxServer } from './server/server.js';
import { receiveUpload } from './api/uploads.js';
import { World, type Caller } from './world/world.js';
import type { SandboxImage } from './world/wire.js';

export { SANDBOX_TOKENS } from './seed/seed.js';
export type { NewAccount, NewToken } from './world/accounts.js';
export type { Fault } from './server/faults.js';
export type { SandboxRequest } from './requestLog.js';
export type {
  SandboxDisk,
  SandboxEvent,
  SandboxGrants,
  SandboxImage,
  SandboxLinode,
  SandboxUser,
} from './world/wire.js';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: picks one. */
  port?: number;
  /** Milliseconds since the epoch; default Date.now. Moving it moves time in the sandbox. */
  now?: () => number;
  /** Default true: the real limits with all four headers. False: neither limits nor their headers. */
  rateLimits?: boolean;
  /** Of every answer; default 0. */
  latencyMs?: number;
  /** Default true: the believable account. False: no account and no image at all. */
  seed?: boolean;
  /** Default true: keep every request. False saves memory under load; `requests` stays empty. */
  log?: boolean;
  /** How long a deleted image is still answered; default 0. */
  deletionMs?: number;
}

export interface Sandbox {
  /** The API with its version: `http://127.0.0.1:PORT/v4`. */
  url: string;
  origin: string;
  /** Every request in order of arrival, uploads and those that met a fault included. */
  requests: SandboxRequest[];
  /** How many requests there were with this line, or lines that match. */
  count(line: string | RegExp): number;
  /** The latest added wins. Returns a function that takes it away. */
  fault(fault: Fault): () => void;
  clearFaults(): void;
  clearRequests(): void;
  /** Back to the seed: no faults, empty log, fresh and real rate limits. */
  reset(): void;
  addAccount(account: NewAccount): void;
  /** Any account's image or a public one, as it would travel now. */
  image(id: string): SandboxImage | undefined;
  /** Adds or overwrites an image in that token's account (`linode/…`: for everybody). Throws for an unknown token. */
  putImage(token: string, image: Partial<SandboxImage>): SandboxImage;
  removeImage(id: string): void;
  /** What that caller (null: anonymous) would list now, in the default order. Throws for an unknown token. */
  images(token: string | null): SandboxImage[];
  /** `images` is the bucket of the list of images, `general` that of everything else. */
  setRateLimit(kind: string, perMinute: number): void;
  /** Ends all connections, hung ones too. */
  close(): Promise<void>;
}

/** Starts an embedded Linode. Rejects if it can't listen. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {
    host = '127.0.0.1',
    port = 0,
    now = Date.now,
    rateLimits = true,
    latencyMs = 0,
    log = true,
  } = options;
  const limits = new RateLimits();
  const faults = new Faults();
  const requests: SandboxRequest[] = [];
  let origin = '';
  let world = createWorld();

  function createWorld(): World {
    const created = new World(now, () => origin, options.deletionMs ?? 0);
    if (options.seed ?? true) seed(created);
    return created;
  }
  function callerOf(token: string): Caller {
    const caller = world.callers.get(token);
    if (!caller) throw new Error(`The sandbox has no token "${token}"`);
    return caller;
  }

  const server = createSandboxServer({
    now,
    latencyMs,
    arrived: (request) => {
      if (log) requests.push(request);
      return faults.take(request);
    },
    serve: (request, ip, bytes) => {
      world.settle();
      return request.path.startsWith('/uploads/')
        ? receiveUpload(world, request, bytes)
        : serveApi(world, rateLimits ? limits : null, request, ip);
    },
  });
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`SANDBOX_PORT ${port} is in use on ${host}`, { cause: error }) : error);
    };
    server.once('error', onError).listen(port, host, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  origin = `http://${reachable(host)}:${chosen}`;

  return {
    url: `${origin}/v4`,
    origin,
    requests,
    count: (line) => countLines(requests, line),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    clearRequests: () => void (requests.length = 0),
    reset: () => {
      world = createWorld();
      faults.clear();
      limits.reset();
      requests.length = 0;
    },
    addAccount: (account) => void addAccount(world, account),
    image: (id) => {
      world.settle();
      const image = (world.ownerOf(id)?.images ?? world.publicImages).get(id);
      return image && copyOf(image);
    },
    putImage: (token, image) => {
      world.settle();
      return copyOf(putImage(world, callerOf(token).account, structuredClone(image)));
    },
    removeImage: (id) => removeImage(world, id),
    images: (token) => {
      world.settle();
      return visibleImages(world, token === null ? null : callerOf(token)).map(copyOf);
    },
    setRateLimit: (kind, perMinute) => limits.setLimit(kind, perMinute),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function copyOf(image: SandboxImage): SandboxImage {
  return { ...image, capabilities: [...image.capabilities] };
}

/** What a client on this machine can call: all interfaces are reached through loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
