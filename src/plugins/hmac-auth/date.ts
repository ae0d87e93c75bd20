/** Milliseconds since 1970 of an HTTP date in its one form that may be sent (RFC 9110, section 5.6.7); undefined for others. */
export function timeOf(date: string): number | undefined {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date)) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}
