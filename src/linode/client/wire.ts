import type { IncomingHttpHeaders } from 'node:http';
import type { CancelSignal } from '../../cancellation.js';

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Percent-encoded, without the version prefix, with its query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** When it times out, on the clock. */
  deadlineAt: number;
  /**
   * Cancels it earlier, with the signal's reason; a write only as long as nothing of it was sent. If the reason is a
   * timeout, so is this request's.
   */
  signal: CancelSignal;
}

export interface WireResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** Decompressed. Empty if the status is not 2xx and the body broke off, never ended, or is too large. */
  body: string;
}

/** Connections to Linode. Redirects are not followed. */
export interface Transport {
  /**
   * Sends one request, once.
   * @throws {LinodeTimeout} past the deadline
   * @throws {LinodeUnavailable} refused or reset before a status arrived
   * @throws {LinodeInvalidResponse} an oversized response, or a 2xx whose body broke off or cannot be decompressed
   */
  send(request: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}
