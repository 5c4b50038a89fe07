/** Texts of demo conversations, plausible on a ward and without personal data. */
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

/** Replies to a statement; `questions` are replies to a question. */
export const answers: Phrases = [
  'Thank you, noted',
  'Got it, I am on my way',
  'Understood. I will pass it on',
  'Good, that helps',
  'Seen, will take care of it',
  'All right, I will update the board',
  'Thanks for letting me know',
];

export const questions: Phrases = [
  'Yes, that works for me',
  'Give me ten minutes, I will check',
  'I think so, let me ask the ward',
  'Not yet, expected within the hour',
  'Yes. Call me if anything changes',
  'Let me look it up and come back to you',
];

/** Unprompted messages. */
export const ambientLines: Phrases = [
  'Results of the afternoon round are in the chart',
  'Bed 6 is ready for transfer',
  'Does anybody have the ultrasound?',
  'Physio is done with bed 4',
  'Could you have a look at the new admission when you are free?',
  'The interpreter is here until five',
  'Blood bank called, two units are ready',
  'Coffee in the staff room, come by',
];
