import { EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';

/** The proxies to Linode, as the environment variables of these names say. */
export interface ProxySettings {
  httpsProxy: string | null;
  httpProxy: string | null;
  /** Hosts that are reached without a proxy, separated by commas; `*` for all. */
  noProxy: string;
}

export interface DispatcherOptions {
  /** Sockets at most; further requests are queued. */
  connections: number;
  connectTimeoutMs: number;
  proxy?: ProxySettings | undefined;
}

/** Keep-alive connections to one origin, through a proxy where one is set. Loopback is never proxied. */
export function createDispatcher(origin: URL, options: DispatcherOptions): Dispatcher {
  const { connections, proxy } = options;
  const connect = { timeout: options.connectTimeoutMs };
  const pooling = {
    connections,
    pipelining: 1,
    connect,
    // The deadline of each request is ours; undici's own timers would only fire later.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const { httpProxy = null, httpsProxy = null, noProxy = '' } = proxy ?? {};
  if ((httpProxy === null && httpsProxy === null) || isLoopback(origin.hostname)) {
    return new Pool(origin.origin, pooling);
  }
  return new EnvHttpProxyAgent({
    ...pooling,
    proxyTls: connect,
    requestTls: connect,
    // An empty text keeps undici from reading the environment by itself.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy,
  });
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
