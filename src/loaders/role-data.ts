/** The data of a message that was written as a role: what they say of the role, and of the person behind it. */
import { type Message, tokenPattern } from '../domain/domain.ts';
import type { DutyParty } from '../domain/duty.ts';
import { isRecord } from '../util/is-record.ts';
import { isNestedTooDeep } from '../util/json-depth.ts';

/** Written by the sender's client: the role it speaks as. */
export const senderNamespace = 'tigertext:message:role:sender';
/** Written by the upstream: the person behind a message whose sender is a role. Senders can write it too. */
export const ownerNamespace = 'tigertext:message:role:owner';

/** Undefined also when there are several: it is unknown which of them the upstream has written. */
export function partyIn({ data }: Message, namespace: string): DutyParty | undefined {
  const [datum, ...others] = data?.filter((one) => one.namespace === namespace) ?? [];
  if (datum === undefined || others.length > 0) return undefined;
  const { payload } = datum;
  try {
    const value: unknown = JSON.parse(payload);
    if (!isRecord(value) || isNestedTooDeep(value)) return undefined;
    const { token, display_name: name } = value;
    if (typeof token !== 'string' || !tokenPattern.test(token)) return undefined;
    return { token, name: typeof name === 'string' && name !== '' ? name : undefined };
  } catch {
    return undefined; // the format of senders' data is free
  }
}
