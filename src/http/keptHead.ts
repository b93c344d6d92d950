/**
 * Writes the head of an answer that is given again, as node would: with the two headers that are each request's
 * own, and with those that node adds.
 * @param headers names and values in turn; those at `requestIdAt` and `ageAt` are filled in
 */
export function keptHead(
  headers: readonly string[],
  requestIdAt: number,
  ageAt: number,
  keepAliveMs: number,
): (requestId: string, ageSeconds: number) => string {
  const line = (i: number): string => `${headers[i - 1] ?? ''}: `;
  const linesBut = headers.flatMap((value, i) =>
    i % 2 === 1 && i !== requestIdAt && i !== ageAt ? [`${line(i)}${value}\r\n`] : [],
  );
  const before = `HTTP/1.1 200 OK\r\n${linesBut.join('')}${line(requestIdAt)}`;
  const between = `\r\n${line(ageAt)}`;
  const after = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`;
  return (requestId, ageSeconds) =>
    `${before}${requestId}${between}${ageSeconds}\r\nDate: ${httpDate()}\r\n${after}`;
}

let second = 0;
let date = '';

/** The present as HTTP writes it, made once a second. */
function httpDate(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    date = new Date(now * 1000).toUTCString();
  }
  return date;
}
