/** Sends orders to a sandbox over its control port. */
import type { z } from 'zod';
import type { callOrder, injectOrder, personOrder, streamOrder } from '../../src/sandbox/control/order-schemas.ts';
import type { FaultOrderInput, StandingFault } from '../../src/sandbox/faults/faults.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';

export interface SandboxControl {
  fault(order: FaultOrderInput): Promise<StandingFault>;
  faults(): Promise<readonly StandingFault[]>;
  clearFaults(id?: string): Promise<void>;
  /** @returns How many streams it was done to. */
  streams(order: z.input<typeof streamOrder>): Promise<number>;
  /** Open streams per caller. */
  openStreams(): Promise<Readonly<Record<string, number>>>;
  inject(order: z.input<typeof injectOrder>): Promise<void>;
  person(address: string, changes: z.input<typeof personOrder>): Promise<void>;
  /** @returns The id of the call, which is that of its entry in the log. */
  call(order: z.input<typeof callOrder>): Promise<string>;
  wipe(caller: string): Promise<void>;
  confirm(message: string, caller: string): Promise<void>;
  expire(message: string): Promise<void>;
  shiftClock(shiftMs: number): Promise<void>;
  restart(downMs?: number): Promise<void>;
  reset(): Promise<void>;
}

/** @throws Error with the sandbox's complaint when an order is rejected. */
export function controlOf(sandbox: Pick<Sandbox, 'controlUrl'>): SandboxControl {
  const order = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandbox.controlUrl}${path}`, {
      method,
      ...(method === 'POST'
        ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }
        : {}),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.error?.message ?? response.status}`);
    return answer;
  };
  return {
    fault: (body) => order('POST', '/faults', body),
    faults: () => order('GET', '/faults'),
    clearFaults: (id) => order('DELETE', id === undefined ? '/faults' : `/faults/${id}`),
    streams: async (body) => (await order('POST', '/streams', body)).count,
    openStreams: () => order('GET', '/streams'),
    inject: (body) => order('POST', '/events', body),
    person: (address, changes) => order('POST', `/people/${encodeURIComponent(address)}`, changes),
    call: async (body) => (await order('POST', '/calls', body)).id,
    wipe: (caller) => order('POST', '/wipe', { caller }),
    confirm: (message, caller) => order('POST', `/confirm/${message}`, { caller }),
    expire: (message) => order('POST', `/expire/${message}`),
    shiftClock: (shiftMs) => order('POST', '/clock', { shiftMs }),
    restart: (downMs = 0) => order('POST', '/restart', { downMs }),
    reset: () => order('POST', '/reset'),
  };
}
