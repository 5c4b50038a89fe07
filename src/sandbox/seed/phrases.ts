/** Lines for demo conversations: plausible on a ward, about nobody. */
type Phrases = readonly [string, ...string[]];

export const openings: Phrases = [
  'Are you still covering the ward this evening?',
  'The monitor in bay 3 keeps alarming, could you have a look?',
  'New admission from the emergency department, stable for now',
  'Do you want the echo before or after rounds?',
  'Pharmacy asks whether the anticoagulant should be held',
  'Troponin of bed 9 is back',
  'Consent form is signed and in the chart',
  'Your pager seems to be off, trying here',
  'The transfer is expected around four',
  'Could you co-sign the discharge of bed 2?',
];

export const replies: Phrases = [
  'On my way, ten minutes',
  'Yes, go ahead please',
  'After rounds is fine',
  'Hold it until I have seen the numbers',
  'Thank you, I will call the family',
  'Seen. Repeat in six hours',
  'Please put it on the board',
  'I am in theatre until two, ask Grace in the meantime',
  'Done, it is in the system',
];

export const closings: Phrases = [
  'Trace attached for your eyes',
  'Perfect, thank you',
  'Will do. Handing over to nights at eight',
  'All settled here',
  'Copied to the notes',
  'They are comfortable now',
  'See you at the meeting',
];

export const groupLines: Phrases = [
  'Good morning everybody, handover at half past seven',
  'Two beds open, one isolation room',
  'Lift B is out of order, use the east side for transfers',
  'Please wipe down the bladder scanner after use',
  'Night was quiet, one transfer to intensive care',
  'Rota for next month is on the board',
  'Who has the keys to the drug cupboard?',
  'Found them, sorry',
  'Fire drill on Thursday at ten',
  'Remember to sign the controlled drug book',
  'Guideline has been updated, see the shared folder',
];
