import { Router } from 'express';
import type { Unreadiness } from '../admission/readiness.js';

/** Answers orchestrators: alive while the process runs, ready while it should be sent work. */
export const health = (reason: () => Unreadiness | null): Router =>
  Router()
    .get('/health/live', (_, res) => {
      res.set('Cache-Control', 'no-store').json({ status: 'live' });
    })
    .get('/health/ready', (_, res) => {
      const why = reason();
      res
        .status(why === null ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .json(why === null ? { status: 'ready' } : { status: 'not ready', reason: why });
    });
