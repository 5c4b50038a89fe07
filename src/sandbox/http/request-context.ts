import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperationId, Operations } from '../contract-document.ts';
import type { World } from '../state/world.ts';
import type { Account, EventStream, Session } from '../state/world-types.ts';
import type { UploadedFile } from './body.ts';

/** The response of a route: JSON, bytes, an event stream, or only a status. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent unchanged; `headers` has the content type. */
  readonly bytes?: Buffer;
  /** Writes the response itself, until the event stream ends. */
  readonly takeOver?: (request: IncomingMessage, response: ServerResponse) => EventStream;
}

/** An authenticated request, validated against the contract. */
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
  /** Set by a `duplicate` fault: an event stream opened by this request writes every event twice. */
  readonly repeatsEvents: boolean;
}

type Handler = (context: RequestContext) => Reply;
export type Routes = Partial<Readonly<Record<OperationId, Handler>>>;

type JsonBody<Id extends OperationId> =
  NonNullable<Operations[Id]['requestBody']> extends { readonly content: { readonly 'application/json': infer Body } }
    ? Body
    : never;

/** The body, typed by the contract's schema for this operation. */
export function bodyOf<Id extends OperationId>(context: RequestContext, _operation: Id): JsonBody<Id> {
  return context.fields as JsonBody<Id>; // validated against this schema before the route runs
}

/** @returns The path parameter; the router sets every name of the template. */
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

/** From the header, query or form: clients use the header, the public API listing the others (NOTES.md, "Organizations"). */
export function requestedOrganization(context: RequestContext): string | undefined {
  const { fields } = context;
  const inForm = typeof fields === 'object' && fields !== null && 'TT-X-Organization-Key' in fields;
  const organization =
    context.header('TT-X-Organization-Key') ??
    context.query.get('TT-X-Organization-Key') ??
    (inForm ? String(fields['TT-X-Organization-Key']) : undefined);
  return organization === '' ? undefined : organization;
}

/** Also accepts text, because Android sends booleans as text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** Accepts an array or comma-separated text. Empty and repeated items are dropped. */
export function itemsOf(value: readonly string[] | string | undefined): string[] {
  const items = typeof value === 'string' ? value.split(',') : (value ?? []);
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))];
}

/** The features of a client, from its header. */
export function featuresOf(context: Pick<RequestContext, 'header'>): ReadonlySet<string> {
  return new Set(itemsOf(context.header('TT-X-Features')));
}
