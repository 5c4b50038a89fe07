import * as z from 'zod';
import { badRequest } from '../http/http-error.ts';

/** One route of the control port. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Template; a segment in braces matches any value. */
  readonly path: string;
  readonly meaning: string;
  readonly run: (order: { readonly body: unknown; readonly name: string }) => unknown;
}

/** @throws HttpError 400 with every validation error. */
export function parseOrder<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
  return parsed.data;
}
