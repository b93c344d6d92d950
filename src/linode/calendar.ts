const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether the time `YYYY-MM-DDTHH:MM:SS` exists. `Date.parse` reads the 30th of February as the 2nd of March, and takes
 * longer than all other checks of an image.
 */
export function isOnTheCalendar(text: string): boolean {
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days && part(11, 13) < 24 && part(14, 16) < 60 && part(17, 19) < 60;
}
