/** Keys and tokens of the demo data, and one that no object has. */

export const hospital = 'mercyGeneralHospital0001';
export const clinics = 'riversideClinicGroup0002';
/** The organization of contacts outside hospitals. */
export const contacts = 'UpM28mnfW65vJkbqEATtKvxm';
export const absent = '00000000-0000-4000-8000-000000000000';
