import type { IncomingMessage, ServerResponse } from 'node:http';
import type { operations } from '../generated/contract.ts';
import type { UploadedFile } from './body.ts';
import type { OperationId } from './contract.ts';
import type { World } from './state/world.ts';
import type { Account, EventStream, Session } from './state/world-types.ts';

/** What a route answers: JSON, bytes, an event stream, or nothing but a status. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as they are; what they are stands in the headers. */
  readonly bytes?: Buffer;
  /** Writes the response itself, for as long as the stream lives. */
  readonly takeOver?: (request: IncomingMessage, response: ServerResponse) => EventStream;
}

/** One request of a known caller, checked against the contract. */
export interface RequestContext {
  readonly world: World;
  readonly caller: Account;
  readonly session: Session;
  /** Percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  header(name: string): string | undefined;
  readonly fields: unknown;
  readonly file: UploadedFile | undefined;
  /** A fault was ordered: an event stream opened by this request writes every event twice. */
  readonly repeatsEvents: boolean;
}

type Handler = (context: RequestContext) => Reply;
export type Routes = Partial<Readonly<Record<OperationId, Handler>>>;

type JsonBody<Id extends OperationId> =
  NonNullable<operations[Id]['requestBody']> extends { readonly content: { readonly 'application/json': infer Body } }
    ? Body
    : never;

/** The body as the contract's schema for this operation describes it. */
export function bodyOf<Id extends OperationId>(context: RequestContext, _operation: Id): JsonBody<Id> {
  return context.fields as JsonBody<Id>; // checked against this schema before the route ran
}

/** @returns The path value; the router fills in every name of the template. */
export function pathValue(context: RequestContext, name: string): string {
  const value = context.path[name];
  if (value === undefined) throw new Error(`the path has no ${name}`);
  return value;
}

/** 200 with the success envelope. */
export function success(reply: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers, body: { status: 'success', reply } };
}

/** 204: "the safest empty answer" (NOTES.md). */
export function empty(headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 204, headers };
}

/** Header, query or form value: clients use the first, the listing the others (NOTES.md, "Organizations"). */
export function namedOrganization(context: RequestContext): string | undefined {
  const { fields } = context;
  const inForm = typeof fields === 'object' && fields !== null && 'TT-X-Organization-Key' in fields;
  const organization =
    context.header('TT-X-Organization-Key') ??
    context.query.get('TT-X-Organization-Key') ??
    (inForm ? String(fields['TT-X-Organization-Key']) : undefined);
  return organization === '' ? undefined : organization;
}

/** Android sends booleans as words. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** Array, or one comma-separated text; empty items are dropped, repeated ones kept once. */
export function itemsOf(value: readonly string[] | string | undefined): string[] {
  const items = typeof value === 'string' ? value.split(',') : (value ?? []);
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))];
}

export function featuresOf(exchange: Pick<RequestContext, 'header'>): ReadonlySet<string> {
  return new Set(itemsOf(exchange.header('TT-X-Features')));
}
