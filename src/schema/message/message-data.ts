import type { MessageDatum } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { isNestedTooDeep } from '../../util/json-depth.ts';
import { builder } from '../builder.ts';

export const MessageDatumRef = builder.objectRef<MessageDatum>('MessageDatum').implement({
  description: 'One item of a message’s structured data.',
  fields: (t) => ({
    namespace: t.exposeString('namespace', {
      description: 'Name of the payload’s format, such as `acme:bed`.',
      nullable: false,
    }),
    mimeType: t.exposeString('mimeType', {
      description: 'Media type of the payload; `application/json`.',
      nullable: false,
    }),
    payload: t.field({
      type: 'JSON',
      description:
        'The JSON document; its text when it is not valid JSON or nests deeper than 100 levels; null when the document is null.',
      resolve: (datum) => parsed(datum.payload),
    }),
  }),
});

/** Senders are untrusted: a payload that cannot be serialized again would fail the recipient's whole response. */
function parsed(payload: string): unknown {
  try {
    const document: unknown = JSON.parse(payload);
    return isNestedTooDeep(document) ? payload : document;
  } catch {
    return payload;
  }
}

export const MessageDatumInput = builder.inputType('MessageDatumInput', {
  description: 'One item of structured data to send.',
  fields: (t) => ({
    namespace: t.string({ required: true, description: 'Name of the payload’s format, such as `acme:bed`.' }),
    payload: t.field({
      type: 'JSON',
      required: true,
      description: 'The JSON document; the gateway sends it as text.',
    }),
  }),
});

/** More than programs need, and a limit for the parts of an upload. */
const maxData = 100;

export const dataDescription = `Structured data for programs; at most ${maxData} items.`;

/** Input value of `MessageDatumInput`. */
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
