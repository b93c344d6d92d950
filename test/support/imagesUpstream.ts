import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LinodeImage } from '../../src/linode/api/images.js';

/** An upstream whose list holds any images, also such as Linode or the sandbox would not create. */
export interface ImagesUpstream {
  /** With its version path. */
  url: string;
  /** `GET /v4/images?page=1&page_size=500` */
  requests: string[];
  close(): Promise<void>;
}

/** @param images at most 500: one page */
export async function startImagesUpstream(images: readonly LinodeImage[]): Promise<ImagesUpstream> {
  const requests: string[] = [];
  const page = JSON.stringify({ data: images, page: 1, pages: 1, results: images.length });
  const server = createServer((req, res) => {
    requests.push(`${req.method} ${req.url}`);
    const isList = req.url?.startsWith('/v4/images?') ?? false;
    res.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' });
    res.end(isList ? page : JSON.stringify({ errors: [{ reason: 'Not found' }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
