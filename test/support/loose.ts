/**
 * JSON that a test reads by the names it expects: a reply or an event that was held against the contract, or the data of an
 * operation. The one place in the tests without a type; the typed documents have tests of their own.
 */
// biome-ignore lint/suspicious/noExplicitAny: any property of any of the contract's shapes is read
export type Loose = any;
