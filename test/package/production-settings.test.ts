import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';

const times = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');

/** The checks of graphql-cop, an auditing tool: its requests, and the responses that it reports as weaknesses. */
describe('with the default settings for a real upstream', () => {
  let stack: Stack;
  let endpoint: string;
  beforeAll(async () => {
    const { graphiql, introspection, httpGet } = parseConfig({ UPSTREAM_URL: 'https://api.example.org' });
    stack = await startStack({ config: { graphiql, introspection, httpGet } });
    endpoint = `${stack.gateway.url}/graphql`;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  interface Reply {
    readonly status: number;
    readonly text: string;
    readonly json: {
      readonly data?: Readonly<Record<string, unknown>> | null;
      readonly errors?: readonly { readonly message: string }[];
      readonly extensions?: unknown;
    };
  }

  async function ask(init: RequestInit & { readonly url?: string }): Promise<Reply> {
    const { url = endpoint, ...rest } = init;
    const response = await fetch(url, {
      ...rest,
      headers: { authorization: basic('ada'), 'content-type': 'application/json', ...rest.headers },
    });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : {} };
  }
  const send = (query: string) => ask({ method: 'POST', body: JSON.stringify({ query }) });

  it('rejects 101 aliases', async () => {
    const { json } = await send(`query cop { ${times(101, (n) => `alias${n}: __typename`)} }`);
    expect(json.data).toBeUndefined();
  });

  it('rejects a batch of operations', async () => {
    const { text, json } = await ask({
      method: 'POST',
      body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))),
    });
    expect(Array.isArray(JSON.parse(text))).toBe(false);
    expect(json.data).toBeUndefined();
  });

  it('limits the errors for ten invalid directives', async () => {
    const { json } = await send(`query cop { __typename ${times(10, () => '@aa')} }`);
    expect(json.data).toBeUndefined();
    expect(json.errors?.length).toBeLessThan(10);
    const many = await send(`query cop { __typename ${times(60, () => '@include(if: true)')} }`);
    expect(many.json.data).toBeUndefined();
  });

  it('rejects circular introspection', async () => {
    const { json, text } = await send(
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
    );
    expect(json.data).toBeUndefined();
    expect(text).not.toContain('"Query"');
  });

  it('rejects one field 500 times', async () => {
    const { json } = await send(`query cop { ${times(500, () => '__typename')} }`);
    expect(json.data).toBeUndefined();
    const { json: nested } = await send(`query cop { me { ${times(500, () => 'id')} } }`);
    expect(nested.data).toBeUndefined();
  });

  it('rejects queries in a URL', async () => {
    const { json, status } = await ask({ url: `${endpoint}?query={__typename}` });
    expect(status).toBe(405);
    expect(json.data).toBeUndefined();
  });

  it('rejects mutations in a URL', async () => {
    stack.sandbox.requests.reset();
    const { json } = await ask({ url: `${endpoint}?query=mutation+cop+{__typename}` });
    expect(json.data).toBeUndefined();
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain'])(
    'accepts no operation in a form sent as %s',
    async (type) => {
      const { json } = await ask({ method: 'POST', headers: { 'content-type': type }, body: 'query=%7B__typename%7D' });
      expect(json.data).toBeUndefined();
      const { json: asJson } = await ask({
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"query":"{ __typename }"}',
      });
      expect(asJson.data).toBeUndefined();
    },
  );

  it('suggests no fields', async () => {
    const { text } = await send('query cop { meme { displayNam } }');
    expect(text).not.toMatch(/did you mean/i);
    const { text: nested } = await send('query cop { me { displayNam } }');
    expect(nested).not.toMatch(/did you mean/i);
    expect(nested).not.toContain('displayName');
  });

  it.each(['/graphql', '/', '/graphql/graphiql.js', '/graphiql', '/playground', '/console'])(
    'serves no development page at %s',
    async (path) => {
      const response = await fetch(`${stack.gateway.url}${path}`, { headers: { accept: 'text/html' } });
      const text = await response.text();
      for (const word of ['graphiql.min', 'graphiql.js', '<div id="graphiql"', 'playground', 'apollo', '<!doctype'])
        expect(text.toLowerCase()).not.toContain(word);
      expect(response.headers.get('content-type')).not.toContain('text/html');
    },
  );

  it('names the settings that enable the page to a browser that requests it', async () => {
    const response = await fetch(endpoint, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('GRAPHIQL=true and INTROSPECTION=true');
  });

  const introspection = getIntrospectionQuery();
  it.each(['POST', 'SSE', 'WebSocket'])('rejects introspection over %s', async (transport) => {
    let text: string;
    if (transport === 'WebSocket') {
      const socket = await openAcknowledged(stack.gateway.url);
      socket.send({ type: 'subscribe', id: '1', payload: { query: introspection } });
      text = JSON.stringify(await socket.message('error', '1'));
      socket.socket.close();
    } else {
      const headers: Record<string, string> = transport === 'SSE' ? { accept: 'text/event-stream' } : {};
      text = (await ask({ method: 'POST', headers, body: JSON.stringify({ query: introspection }) })).text;
    }
    expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(text).not.toContain('"queryType"');
  });

  it('answers __typename, which clients select everywhere', async () => {
    expect((await send('{ __typename me { __typename } }')).json.data).toEqual({
      __typename: 'Query',
      me: { __typename: 'User' },
    });
  });

  it('exposes no timing', async () => {
    const { json } = await send('query cop { __typename }');
    expect(json.extensions).toBeUndefined();
  });

  it.each(['qwerty cop { abc }', '{', 'query ($x: Nope) { me { id } }', '\u0000', '{ me { id } } '.repeat(2)])(
    'exposes no internals for a query that is %j',
    async (query) => {
      const { text, status } = await send(query);
      expect(status).toBe(200);
      for (const word of ['exception', 'stacktrace', 'node_modules', '    at ', '.ts:', '.js:', 'INTERNAL'])
        expect(text).not.toContain(word);
    },
  );
});
