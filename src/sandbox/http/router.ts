import type { Contract } from '../contract.ts';
import type { Operation } from '../contract-document.ts';
import { badRequest, HttpError } from './http-error.ts';

export interface Match {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/** Finds the operation of a request. A trailing slash is ignored, without a redirect. */
export type Router = (method: string, pathname: string) => Match;

interface Template {
  readonly operation: Operation;
  readonly segments: readonly string[];
}

/** Finds the operation of a request by its method and path; words in a path go before parameters. */
export function createRouter(contract: Contract): Router {
  const templates = templatesOf(contract.operations);
  return (method, pathname) => {
    const segments = pathname.replace(/\/+$/, '').split('/').slice(1);
    const candidates = templates.filter((template) => fits(template, segments));
    if (candidates.length === 0) throw new HttpError(404, 'No such path');
    const match = candidates.find(({ operation }) => operation.method === method);
    if (match === undefined) {
      const allowed = [...new Set(candidates.map(({ operation }) => operation.method))].join(', ');
      throw new HttpError(405, `expected ${allowed}`, { allow: allowed });
    }
    const path = match.segments.flatMap((segment, index) =>
      segment.startsWith('{') ? [[segment.slice(1, -1), decoded(segments[index] ?? '')] as const] : [],
    );
    return { operation: match.operation, path: Object.fromEntries(path) };
  };
}

/** Literal segments take precedence over parameters, so that /message/typing is not a message token. */
function templatesOf(operations: readonly Operation[]): readonly Template[] {
  return operations
    .map((operation) => ({ operation, segments: operation.path.split('/').slice(1) }))
    .sort((one, other) => namesIn(one) - namesIn(other));
}

function namesIn({ segments }: Template): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function fits(template: Template, segments: readonly string[]): boolean {
  return (
    template.segments.length === segments.length &&
    template.segments.every((segment, index) => segment.startsWith('{') || segment === segments[index])
  );
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('path: expected percent-encoded UTF-8');
  }
}
