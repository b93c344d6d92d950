import { createServer, type Server } from 'node:http';

/** The least that Node does for an HTTP answer of these bytes: no framework, no parsing, no thought. */
export function createCeiling(bodies: readonly string[]): Server {
  const answers = bodies.map((body) => Buffer.from(body));
  let next = 0;
  return createServer((request, response) => {
    const answer = answers[next++ % answers.length] ?? Buffer.alloc(0);
    request.resume();
    response
      .writeHead(200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': answer.length,
      })
      .end(answer);
  });
}
