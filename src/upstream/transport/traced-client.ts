/** The calls of one caller, each in its own span, whose trace context is sent upstream. */

import { GatewayError } from '../../errors.ts';
import type { Tracing } from '../../observability/tracing.ts';
import { type Completion, forwardTo } from '../completion.ts';
import type { Lookup, UpstreamReply, UpstreamRequest } from '../request.ts';
import type { Caller, StreamedReply, Upstream } from '../upstream.ts';
import type { ClientServices } from './call-services.ts';
import { CallerClient } from './caller-client.ts';
import { isAbsence, upstreamStatus } from './failure.ts';

export class TracedClient implements Upstream {
  readonly caller: Caller;
  readonly #client: ClientServices;
  readonly #tracing: Tracing;

  constructor(client: ClientServices, caller: Caller, tracing: Tracing) {
    this.#client = client;
    this.caller = caller;
    this.#tracing = tracing;
  }

  call(request: UpstreamRequest): Promise<UpstreamReply> {
    return this.#traced(request, (upstream) => upstream.call(request));
  }

  read<Value>(request: UpstreamRequest, decode: (response: UpstreamReply) => Value): Promise<Value> {
    return this.#traced(request, (upstream) => upstream.read(request, decode));
  }

  /** The span of an absence ends with its error code, `NOT_FOUND` or `FORBIDDEN`. */
  async find<Value>({ request: { path, ...request }, decode }: Lookup<Value>): Promise<Value | undefined> {
    if (path === undefined) return undefined;
    try {
      return await this.read({ ...request, path }, decode);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  findInto<Value>(lookup: Lookup<Value>, completion: Completion<Value | undefined>): void {
    forwardTo(this.find(lookup), completion);
  }

  /** The span ends with the response headers, because the duration of the body depends on its reader. */
  open(request: UpstreamRequest): Promise<StreamedReply> {
    return this.#traced(request, (upstream) => upstream.open(request));
  }

  async #traced<Result>(
    { operationId, method, batchSize }: UpstreamRequest,
    run: (upstream: Upstream) => Promise<Result>,
  ): Promise<Result> {
    const span = this.#tracing.start({
      name: operationId,
      kind: 'call',
      attributes: {
        'http.request.method': method,
        ...(batchSize === undefined ? {} : { 'tigerconnect.batch_size': batchSize }),
      },
      parent: this.caller.traceparent,
    });
    try {
      const result = await run(new CallerClient(this.#client, { ...this.caller, traceparent: span.traceparent }));
      span.end('OK');
      return result;
    } catch (error) {
      span.end(error instanceof GatewayError ? error.code : 'ABORTED', upstreamStatus(error));
      throw error;
    }
  }
}
