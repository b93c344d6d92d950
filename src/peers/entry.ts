/** One change that every process must apply before the write behind it returns. */
export interface Entry {
  /** Its position in the log that all processes share. */
  seq: number;
  /** The position before it: a process that has applied less has missed something. */
  previous: number;
  /** The process that wrote it. */
  author: string;
  change: string;
}

/** As it travels and as it is stored: `SEQ PREVIOUS AUTHOR CHANGE`. */
export function readEntry(text: string): Entry | undefined {
  const parts = /^(\d+) (\d+) (\S+) (.*)$/s.exec(text);
  if (!parts) return undefined;
  const [, seq, previous, author = '', change = ''] = parts;
  return { seq: Number(seq), previous: Number(previous), author, change };
}
