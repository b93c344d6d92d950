import type { AddressInfo } from 'node:net';
import { addAccount, putImage, removeImage, type NewAccount } from './world/accounts.js';
import { handleControl, isControlPath, type Controlled } from './control/control.js';
import { handleApi } from './api/api.js';
import { Faults, type Fault } from './server/faults.js';
import { visibleImages } from './world/images.js';
import { RateLimits } from './api/rateLimit.js';
import { countLines, type SandboxRequest } from './requestLog.js';
import { handleLogin, isLoginPath } from './login/login.js';
import { Logins, type LoginSettings } from './login/logins.js';
import { seed } from './seed/seed.js';
import { createSandboxServer } from './server/server.js';
import { receiveUpload } from './api/uploads.js';
import { World, type Caller, type WorkFault } from './world/world.js';
import type { ApiVersion } from './world/apiVersion.js';
import type { SandboxImage } from './world/wire.js';

export { SANDBOX_TOKENS } from './seed/seed.js';
export { SANDBOX_CLIENT, SANDBOX_PUBLIC_CLIENT_ID } from './login/client.js';
export type { NewAccount, NewToken } from './world/accounts.js';
export { API_VERSIONS, type ApiVersion } from './world/apiVersion.js';
export type { Fault } from './server/faults.js';
export type { SandboxRequest } from './requestLog.js';
export type {
  SandboxDisk,
  SandboxEvent,
  SandboxGrants,
  SandboxImage,
  SandboxLinode,
  SandboxRegion,
  SandboxUser,
} from './world/wire.js';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Milliseconds since the epoch; default Date.now. All times and delays of the sandbox follow it. */
  now?: () => number;
  /** Default true: the real limits with all four headers. False: no limits and no headers. */
  rateLimits?: boolean;
  /** Delay of every response; default 0. */
  latencyMs?: number;
  /** Default true: the seeded accounts. False: no accounts and no images. */
  seed?: boolean;
  /** Default true: records every request. False saves memory under load; `requests` stays empty. */
  log?: boolean;
  /** How long a deleted image remains visible, in milliseconds; default 0. */
  deletionMs?: number;
  /** The version of the API; default `latest`. */
  api?: ApiVersion;
  /** How much faster work is than on the real API; default 9 (a capture takes 10 s), or 1 if `now` is given. */
  speed?: number;
}

export const DEFAULT_SPEED = 9;
const EMPTY_UPLOAD = { bytes: 0, isGzip: false, unpackedBytes: 0 };

export interface Sandbox {
  /** The API with its version: `http://127.0.0.1:PORT/v4`. */
  url: string;
  origin: string;
  /** All requests in order of arrival, including uploads and requests with a fault. */
  requests: SandboxRequest[];
  /** The number of requests whose line equals or matches. */
  count(line: string | RegExp): number;
  /** Adds a fault; the latest match wins. Returns a function that removes it. */
  fault(fault: Fault): () => void;
  clearFaults(): void;
  clearRequests(): void;
  /** Restores the seed; clears faults, the request log and rate limits. */
  reset(): void;
  addAccount(account: NewAccount): void;
  /** An image of any account, or a public one, as the API would return it now. */
  image(id: string): SandboxImage | undefined;
  /** Adds or overwrites an image in the token's account; `linode/…` is public. Throws for an unknown token. */
  putImage(token: string, image: Partial<SandboxImage>): SandboxImage;
  removeImage(id: string): void;
  /** The images the caller (null: anonymous) would list now, in the default order. Throws for an unknown token. */
  images(token: string | null): SandboxImage[];
  /** Calls per minute and caller; `images` is the list of images, `general` everything else. */
  setRateLimit(kind: string, perMinute: number): void;
  /** Settings of the login server, whose paths are `/oauth/…` and `/logout` of `origin`. */
  setLogin(settings: Partial<LoginSettings>): void;
  /** Closes the server and all connections, including hung ones. */
  close(): Promise<void>;
}

/** Starts an embedded Linode. Rejects if it cannot listen. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, now: realNow = Date.now, rateLimits = true, log = true } = options;
  let latencyMs = options.latencyMs ?? 0;
  let speed = options.speed ?? (options.now ? 1 : DEFAULT_SPEED);
  let advancedMs = 0;
  const now = () => realNow() + advancedMs;
  const limits = new RateLimits();
  const faults = new Faults();
  const requests: SandboxRequest[] = [];
  let origin = '';
  let world = createWorld();
  let logins = new Logins(world);

  function createWorld(): World {
    const created = new World(now, () => origin, options.deletionMs ?? 0, options.api ?? 'latest');
    if (options.seed ?? true) seed(created);
    created.speed = speed;
    return created;
  }
  function callerOf(token: string): Caller {
    const caller = world.callers.get(token);
    if (!caller) throw new Error(`The sandbox has no token "${token}"`);
    return caller;
  }

  const controlled: Controlled = {
    faults,
    state: () => ({
      api: world.version,
      now: new Date(now()).toISOString(),
      speed,
      latencyMs,
      rateLimits: rateLimits ? limits.current() : null,
      login: logins.settings,
      faults: faults.list().length,
    }),
    configure: (settings) => {
      logins.settings = { ...logins.settings, ...settings.login } as LoginSettings;
      latencyMs = settings.latencyMs ?? latencyMs;
      if (settings.speed !== undefined) world.speed = speed = settings.speed;
      for (const [kind, perMinute] of Object.entries(settings.rateLimits ?? {})) {
        if (perMinute !== undefined) limits.setLimit(kind, perMinute);
      }
    },
    advance: (ms) => {
      advancedMs += ms;
    },
    reset: () => {
      advancedMs = 0;
      world = createWorld();
      logins = new Logins(world);
      faults.clear();
      limits.reset();
      requests.length = 0;
    },
  };
  const server = createSandboxServer({
    now,
    latencyMs: () => latencyMs,
    control: (message) => (isControlPath(message.url) ? handleControl(controlled, message) : undefined),
    onRequest: (request) => {
      if (log) requests.push(request);
      return faults.match(request);
    },
    handle: (request, ip, upload, fault) => {
      world.runDue();
      const workFault = fault && workFaultOf(fault);
      if (isLoginPath(request.path)) return handleLogin(logins, request);
      return request.path.startsWith('/uploads/')
        ? receiveUpload(world, request, upload ?? EMPTY_UPLOAD, workFault)
        : handleApi(world, rateLimits ? limits : null, request, ip, workFault);
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
    fault: (fault) => {
      const { id } = faults.add(fault);
      return () => void faults.remove(id);
    },
    clearFaults: () => faults.clear(),
    clearRequests: () => void (requests.length = 0),
    reset: controlled.reset,
    addAccount: (account) => void addAccount(world, account),
    image: (id) => {
      world.runDue();
      const image = (world.ownerOf(id)?.images ?? world.publicImages).get(id);
      return image && copyOf(world, image);
    },
    putImage: (token, image) => {
      world.runDue();
      return copyOf(world, putImage(world, callerOf(token).account, structuredClone(image)));
    },
    removeImage: (id) => removeImage(world, id),
    images: (token) => {
      world.runDue();
      return visibleImages(world, token === null ? null : callerOf(token)).map((image) =>
        copyOf(world, image),
      );
    },
    setLogin: (login) => controlled.configure({ login }),
    setRateLimit: (kind, perMinute) => limits.setLimit(kind, perMinute),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function copyOf(world: World, image: SandboxImage): SandboxImage {
  return structuredClone(world.wireImage(image));
}

function workFaultOf({ outcome, message }: Fault): WorkFault | undefined {
  return outcome && { outcome, ...(message !== undefined && { message }) };
}

/** The host for URLs: loopback if the server listens on all interfaces. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
