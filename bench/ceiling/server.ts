import { createServer, type Server } from 'node:http';

/** The least work with which Node can send an HTTP response of these bytes: no framework, no parsing. */
export function createCeiling(bodies: readonly string[]): Server {
  const responses = bodies.map((body) => Buffer.from(body));
  let count = 0;
  return createServer((request, response) => {
    const payload = responses[count++ % responses.length] ?? Buffer.alloc(0);
    request.resume();
    response
      .writeHead(200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': payload.length,
      })
      .end(payload);
  });
}
