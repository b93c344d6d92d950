import { Router } from 'express';
import type { Unreadiness } from '../admission/readiness.js';

/**
 * Health checks of orchestrators: live while the process runs, ready while it accepts work.
 * @param unreadiness why it does not accept work, null while it does
 * @param upstreamProblem what is wrong with the upstream, if that is why
 * @param isAlone whether Redis is away, which is no reason to send work elsewhere; undefined without Redis
 */
export const health = (
  unreadiness: () => Unreadiness | null,
  upstreamProblem: () => string | undefined,
  isAlone?: (() => boolean) | undefined,
): Router =>
  Router()
    .get('/health/live', (_, res) => {
      res.set('Cache-Control', 'no-store').json({ status: 'live' });
    })
    .get('/health/ready', (_, res) => {
      const reason = unreadiness();
      const problem = upstreamProblem();
      const redis = isAlone && { redis: isAlone() ? 'away' : 'connected' };
      res
        .status(reason === null ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .json(
          reason === null
            ? { status: 'ready', ...redis }
            : { status: 'not ready', reason, problem, ...redis },
        );
    });
