/** Number and seed of random inputs; `npm run fuzz` sends 100,000 inputs in each file. */

/** Number of random inputs of a file: FUZZ_RUNS. @param byDefault As many as `npm test` has time for. */
export function fuzzRuns(byDefault: number): number {
  return Number(process.env['FUZZ_RUNS'] ?? byDefault);
}

/** What the random inputs are derived from: FUZZ_SEED. */
export function fuzzSeed(byDefault: number): number {
  return Number(process.env['FUZZ_SEED'] ?? byDefault);
}
