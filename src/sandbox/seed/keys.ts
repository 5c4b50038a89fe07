import { seededToken } from '../token.ts';

export const hospital = 'mercyGeneralHospital0001';
export const clinics = 'riversideClinicGroup0002';
/** Older organizations have UUIDs as keys (NOTES.md). */
export const research = seededToken('organization', 'research');

export function accountToken(firstName: string): string {
  return seededToken('account', firstName.toLowerCase());
}

export function groupToken(name: string): string {
  return seededToken('group', name);
}

export function listToken(name: string): string {
  return seededToken('list', name);
}
