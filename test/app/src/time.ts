/** Days and times of day, in the reader's language. */
import { language, t } from './texts.ts';

const timeOfDay = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const shortDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat(language, { dateStyle: 'full' });
const whole = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

const isSameDay = (one: Date, other: Date) => one.toDateString() === other.toDateString();

/** The time of day. */
export const timeOf = (moment: string) => timeOfDay.format(new Date(moment));

export const momentOf = (moment: string) => whole.format(new Date(moment));

/** For the list: the time of today, the day of others. */
export function shortOf(moment: string): string {
  const date = new Date(moment);
  return (isSameDay(date, new Date()) ? timeOfDay : shortDay).format(date);
}

/** For the line above the first item of a day. */
export function dayOf(moment: string): string {
  const date = new Date(moment);
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  if (isSameDay(date, new Date())) return t.today;
  return isSameDay(date, yesterday) ? t.yesterday : longDay.format(date);
}

/** Two equal texts are of the same day. */
export const dayKey = (moment: string) => new Date(moment).toDateString();
