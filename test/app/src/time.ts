/** The time of day, and the date unless it is today's; of another day the date alone when it is to be short. */
export function momentOf(createdAt: string, isShort = false): string {
  const moment = new Date(createdAt);
  const isToday = moment.toDateString() === new Date().toDateString();
  if (!isToday && isShort) return moment.toLocaleDateString([], { day: 'numeric', month: 'short' });
  return moment.toLocaleString([], { timeStyle: 'short', ...(isToday ? {} : { dateStyle: 'medium' }) });
}
