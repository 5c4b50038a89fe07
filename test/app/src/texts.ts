/** The texts of the page, in the first language of the reader that has a table. */
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';

const tables = { en, de } as const;
const codes = navigator.languages.map((language) => language.slice(0, 2));
const isTable = (code: string): code is keyof typeof tables => code in tables;

/** Of the table, and of dates and times. */
export const language = codes.find(isTable) ?? 'en';
export const t = tables[language];
