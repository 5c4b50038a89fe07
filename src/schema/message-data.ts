import type { MessageDatum } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { isNestedTooDeep } from '../json-depth.ts';
import { builder } from './builder.ts';

export const MessageDatumRef = builder.objectRef<MessageDatum>('MessageDatum').implement({
  description: 'One item of structured data carried by a message.',
  fields: (t) => ({
    namespace: t.exposeString('namespace', { description: 'Whose format it is, such as `acme:bed`.', nullable: false }),
    mimeType: t.exposeString('mimeType', { description: 'Media type; `application/json`.', nullable: false }),
    payload: t.field({
      type: 'JSON',
      description: 'The document; its text, when it is no valid JSON or nests deeper than 100 levels.',
      resolve: (datum) => parsed(datum.payload),
    }),
  }),
});

/** Others wrote it: what could be read but not be written into the answer would cost the recipient the whole of it. */
function parsed(payload: string): unknown {
  try {
    const document: unknown = JSON.parse(payload);
    return isNestedTooDeep(document) ? payload : document;
  } catch {
    return payload;
  }
}

export const MessageDatumInput = builder.inputType('MessageDatumInput', {
  description: 'One item of structured data to send along.',
  fields: (t) => ({
    namespace: t.string({ required: true, description: 'Whose format it is, such as `acme:bed`.' }),
    payload: t.field({
      type: 'JSON',
      required: true,
      description: 'The document; the gateway writes it as JSON text.',
    }),
  }),
});

/** More than any program means, and a bound on the parts of an upload. */
const maxData = 100;

export const dataDescription = `Structured data for programs; at most ${maxData} items.`;

/** A value of `MessageDatumInput`. */
export interface DatumInput {
  readonly namespace: string;
  readonly payload?: unknown;
}

/** @param field Path of the list, named in the error. */
export function dataOf(
  items: readonly DatumInput[] | null | undefined,
  field: string,
): readonly MessageDatum[] | undefined {
  if (items != null && items.length > maxData) throw badUserInput(field, `at most ${maxData} items`);
  return items?.map(({ namespace, payload }, index) => {
    if (namespace.trim() === '') throw badUserInput(`${field}.${index}.namespace`, 'a name');
    return { namespace, mimeType: 'application/json', payload: JSON.stringify(payload) };
  });
}
