/** Reads the parts of Apollo's multipart protocol for subscriptions, with each of its bytes checked. */
interface PartResult {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

/** As Apollo Client sends it. */
export const acceptParts =
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9';

const delimiter = '\r\n--graphql';
const head = '\r\ncontent-type: application/json\r\n\r\n';

export class PartsReader {
  /** Empty objects so far. */
  heartbeats = 0;
  /** The final boundary has arrived; nothing may follow it. */
  isComplete = false;
  #text = '';
  #hasBegun = false;

  /** Takes the next bytes of the body. @returns The results that they complete. @throws When they are not of the protocol. */
  read(text: string): PartResult[] {
    this.#text += text;
    if (this.isComplete) throw new Error(`after the end: ${this.#text}`);
    if (!this.#hasBegun) {
      if (this.#text.length < delimiter.length) return [];
      this.#expect(delimiter);
      this.#hasBegun = true;
    }
    const results: PartResult[] = [];
    for (let end = this.#text.indexOf(delimiter); end >= 0; end = this.#text.indexOf(delimiter)) {
      const part = this.#text.slice(0, end);
      if (!part.startsWith(head)) throw new Error(`no part: ${part}`);
      this.#text = this.#text.slice(end + delimiter.length);
      const result = resultIn(JSON.parse(part.slice(head.length)));
      if (result === undefined) this.heartbeats += 1;
      else results.push(result);
    }
    if (this.#text === '--\r\n') {
      this.isComplete = true;
      this.#text = '';
    }
    return results;
  }

  #expect(start: string): void {
    if (!this.#text.startsWith(start)) throw new Error(`expected ${JSON.stringify(start)}: ${this.#text}`);
    this.#text = this.#text.slice(start.length);
  }
}

/** Undefined for a heartbeat. Errors of the transport are beside an empty payload. */
function resultIn(part: { readonly payload?: PartResult | null; readonly errors?: PartResult['errors'] }) {
  const { payload, errors } = part;
  if (Object.keys(part).length === 0) return undefined;
  if (payload === null && errors !== undefined) return { errors };
  if (payload == null || errors !== undefined)
    throw new Error(`neither a result nor an error: ${JSON.stringify(part)}`);
  return payload;
}
