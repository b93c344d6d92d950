/** V8 preprocesses no more of a needle; beyond, its search can take time in proportion to needle and text. */
const MAX_NATIVE_NEEDLE = 250;

/** Whether a text contains the needle, in time proportional to the text. */
export function searchFor(needle: string): (text: string) => boolean {
  if (needle.length <= MAX_NATIVE_NEEDLE) return (text) => text.includes(needle);
  const borders = bordersOf(needle);
  return (text) => contains(text, needle, borders);
}

/** Knuth-Morris-Pratt: the length of the longest proper prefix that is also a suffix, for each prefix. */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length);
  for (let i = 1, border = 0; i < needle.length; i++) {
    while (border > 0 && needle[i] !== needle[border]) border = borders[border - 1] ?? 0;
    if (needle[i] === needle[border]) border++;
    borders[i] = border;
  }
  return borders;
}

function contains(text: string, needle: string, borders: Int32Array): boolean {
  if (needle.length > text.length) return false;
  let matched = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    while (matched > 0 && code !== needle.charCodeAt(matched)) matched = borders[matched - 1] ?? 0;
    if (code === needle.charCodeAt(matched)) matched++;
    if (matched === needle.length) return true;
  }
  return false;
}
