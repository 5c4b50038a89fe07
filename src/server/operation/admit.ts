/** Prepares a request and checks it against every guard; the first guard that fails determines the response. */

import { badUserInput, errorCodes, GatewayError, noCredential } from '../../errors.ts';
import { rejectionMessage } from '../../upstream/credential.ts';
import type { CredentialStanding } from '../../upstream/transport/breaker/credential-standing.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { shortKey } from '../../util/hash.ts';
import { isNestedTooDeep, maxJsonDepth } from '../../util/json-depth.ts';
import { formatGatewayError, formatValidationError } from '../masking.ts';
import type { PersistedOperations } from '../persisted-operations.ts';
import { declaredVariables, type Variables } from './document/variable-defaults.ts';
import type { WorkAccount, WorkBudget } from './limits/work-budget.ts';
import { isInvalid, type Prepare, type Prepared } from './prepare.ts';
import { errorResponse, type OperationRequest, type OperationResponse } from './response.ts';

/** An operation that passed every guard and is ready to run. */
export interface Admitted {
  readonly kind: 'admitted';
  readonly prepared: Prepared;
  readonly variables: Variables;
  /** Hash of the raw body, see `Admit`. */
  readonly bodyHash: string | undefined;
  /** Account in the work budget; undefined if the upstream has accepted the credential. */
  readonly account: WorkAccount | undefined;
}

/**
 * Prepares a request and checks it against the guards.
 * @param rawBody Raw request body if it was JSON. Equal bodies are equal operations, so the body is the dedupe key and
 *   variables are not serialised again.
 * @throws GatewayError `UNAUTHENTICATED` if the operation needs a credential and the credential is malformed: the transport
 *   counts this as a rejection.
 */
export type Admit = (request: OperationRequest, caller: Caller, rawBody?: string) => Admitted | OperationResponse;

export interface AdmitOptions {
  readonly prepare: Prepare;
  readonly persisted: PersistedOperations;
  /** Maximum number of upstream calls per operation. */
  readonly maxUpstreamCalls: number;
  /** Budget for the operations of credentials that the upstream has not accepted yet; undefined: no bound. */
  readonly workBudget: WorkBudget | undefined;
}

/** @param standing Which credentials the upstream has accepted or rejected. */
export function createAdmit(options: AdmitOptions, standing: CredentialStanding): Admit {
  const { prepare, persisted, maxUpstreamCalls, workBudget } = options;

  return (sent, caller, rawBody) => {
    try {
      return checkAndPrepare(sent, caller, rawBody);
    } catch (error) {
      // The work budget is exhausted.
      if (!(error instanceof GatewayError) || error.code !== 'RATE_LIMITED') throw error;
      return reject(error, caller.requestId, errorCodes.RATE_LIMITED.httpStatus);
    }
  };

  function checkAndPrepare(sent: OperationRequest, caller: Caller, rawBody?: string): Admitted | OperationResponse {
    const { requestId } = caller;
    const request = persisted(sent);
    if (request instanceof GatewayError)
      return reject(request, requestId, 400, { wellFormed: request.code !== 'BAD_USER_INPUT' });
    const malformed = malformedPart(request);
    if (malformed !== undefined) return reject(malformed, requestId, 400, { wellFormed: false });
    // `malformedPart` checked the types.
    const { query, operationName, variables } = request as CheckedRequest;
    // Clients without optional strings send an empty name instead of none.
    const name = operationName === '' ? undefined : (operationName ?? undefined);
    const isAccepted = caller.credential !== undefined && standing.isAccepted(caller.credential);
    const account = isAccepted ? undefined : workBudget?.account(caller.address);
    const prepared = prepare(query, name, account?.spend);
    if (isInvalid(prepared)) {
      return errorResponse(
        prepared.errors.map((error) => formatValidationError(error, prepared.code, requestId)),
        400,
      );
    }
    if (request.readOnly === true && prepared.operation.operation === 'mutation') {
      const error = new GatewayError('BAD_USER_INPUT', { message: 'Mutations have to be sent with POST.' });
      return reject(error, requestId, 405, { wellFormed: false, headers: { allow: 'POST' } });
    }
    const declared = declaredVariables(prepared.operation, variables ?? {});
    const cost = typeof prepared.cost === 'number' ? prepared.cost : prepared.cost(declared);
    if (cost > maxUpstreamCalls) {
      const reason = prepared.explainCost(declared);
      const summary = `The operation may cause ${cost} upstream calls; the limit is ${maxUpstreamCalls}.`;
      const message = reason === undefined ? summary : `${summary} ${reason}`;
      return reject(new GatewayError('OPERATION_TOO_COMPLEX', { message }), requestId, 400);
    }
    const { credential } = caller;
    const isRejected = credential === undefined || standing.isRejected(credential);
    if (isRejected && prepared.needsCredential(declared)) return rejectCredential(caller);
    account?.charge(cost);
    // Only queries are deduplicated: hashing 1 MB takes 2 ms.
    const isQuery = prepared.operation.operation === 'query';
    const key = rawBody === undefined || !isQuery ? undefined : shortKey(rawBody);
    return { kind: 'admitted', prepared, variables: declared, bodyHash: key, account };
  }
}

function reject(
  error: GatewayError,
  requestId: string,
  httpStatus: number,
  options?: Parameters<typeof errorResponse>[2],
): OperationResponse {
  return errorResponse([formatGatewayError(error, requestId)], httpStatus, options);
}

/** @throws GatewayError for a malformed credential, see `Admit`. */
function rejectCredential({ credential, credentialError, requestId }: Caller): OperationResponse {
  if (credential !== undefined) {
    const error = new GatewayError('UNAUTHENTICATED', { message: rejectionMessage(credential) });
    return reject(error, requestId, 401);
  }
  if (credentialError !== undefined) throw credentialError;
  return reject(noCredential(), requestId, 401);
}

interface CheckedRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

/** The error that names the part of the request with the wrong type (GraphQL over HTTP, "Request Parameters"). */
function malformedPart({ query, operationName, variables, extensions }: OperationRequest): GatewayError | undefined {
  if (typeof query !== 'string' || query === '') return badUserInput('query', 'the text of a GraphQL document');
  if (operationName != null && typeof operationName !== 'string') return badUserInput('operationName', 'a string');
  if (!isMapOrAbsent(variables)) return badUserInput('variables', 'a JSON object');
  if (isNestedTooDeep(variables)) return badUserInput('variables', `at most ${maxJsonDepth} levels`);
  if (!isMapOrAbsent(extensions)) return badUserInput('extensions', 'a JSON object');
  return undefined;
}

function isMapOrAbsent(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}
