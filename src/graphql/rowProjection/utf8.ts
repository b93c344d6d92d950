const FIRST_BYTES = 256 * 1024;
/** Memory that one long answer needed is not kept for the short ones after it. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;
/** A UTF-16 unit takes no more. */
const MOST_BYTES_OF_A_UNIT = 3;

let scratch: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(FIRST_BYTES);

/**
 * These texts one after the other, as UTF-8. V8 takes several times as long to make one text of thousands, and bytes
 * of that. (ADR 7)
 */
export function utf8Of(texts: Iterable<string>): Buffer {
  let length = 0;
  for (const text of texts) {
    const needed = length + text.length * MOST_BYTES_OF_A_UNIT;
    if (needed > scratch.length) scratch = grown(scratch, needed);
    length += scratch.write(text, length);
  }
  const bytes = Buffer.from(scratch.subarray(0, length));
  if (scratch.length > MOST_KEPT_BYTES) scratch = Buffer.allocUnsafeSlow(FIRST_BYTES);
  return bytes;
}

function grown(buffer: Buffer, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2));
  buffer.copy(larger);
  return larger;
}
