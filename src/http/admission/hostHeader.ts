import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../errors.js';

const HOST_MISSING: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'HTTP/1.1 needs a Host header',
  closesConnection: true,
};

/** Refuses what HTTP/1.1 forbids. Node itself would refuse it without a body and without a log record. */
export const checkHost = ({ headers, httpVersion }: IncomingMessage): Refusal | undefined =>
  headers.host === undefined && httpVersion === '1.1' ? HOST_MISSING : undefined;
