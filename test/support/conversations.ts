/** Documents and helpers for tests of conversations. */
import type { Stack } from './stack.ts';
import { countFromHere } from './wait.ts';

export const hospital = 'mercyGeneralHospital0001';
export const clinics = 'riversideClinicGroup0002';

/** Upstream calls of a caller since the last reset, without those that only set a scene. */
function callsOf(stack: Stack, caller = 'ada'): Readonly<Record<string, number>> {
  return stack.sandbox.requests.counts(caller);
}

/** The answer of `work` and the upstream calls that it made. */
export async function counted<Value>(
  stack: Stack,
  work: () => Promise<Value>,
  caller = 'ada',
): Promise<{ readonly value: Value; readonly calls: Readonly<Record<string, number>> }> {
  await countFromHere(stack);
  const value = await work();
  return { value, calls: callsOf(stack, caller) };
}
