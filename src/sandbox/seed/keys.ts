import { seededToken } from '../token.ts';

export const hospital = 'mercyGeneralHospital0001';
export const clinics = 'riversideClinicGroup0002';
/** Older organizations have UUIDs as keys (NOTES.md). */
export const research = seededToken('organization', 'research');

/** Token of a seeded person; the same at every start. */
export function accountToken(firstName: string): string {
  return seededToken('account', firstName.toLowerCase());
}

/** Token of a seeded group. */
export function groupToken(name: string): string {
  return seededToken('group', name);
}

/** Token of a seeded distribution list. */
export function listToken(name: string): string {
  return seededToken('list', name);
}
