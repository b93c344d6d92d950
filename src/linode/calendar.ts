const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether `YYYY-MM-DDTHH:MM:SS` is a time that there is. `Date.parse` takes a 30th of February for the 2nd of March,
 * and to ask it takes longer than all else that is checked of an image.
 */
export function isOnTheCalendar(text: string): boolean {
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days && part(11, 13) < 24 && part(14, 16) < 60 && part(17, 19) < 60;
}
