import { Router } from 'express';

/** Answers orchestrators: alive while the process runs, ready while it should be sent work. */
export const health = (isReady: () => boolean): Router =>
  Router()
    .get('/health/live', (_, res) => {
      res.set('Cache-Control', 'no-store').json({ status: 'live' });
    })
    .get('/health/ready', (_, res) => {
      const ready = isReady();
      res
        .status(ready ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .json({ status: ready ? 'ready' : 'not ready' });
    });
