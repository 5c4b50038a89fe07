/** The overview page at `GET /`: people, credentials, calls, faults. It loads nothing from elsewhere. */
import type { z } from 'zod';
import type { Contract } from './contract.ts';
import { faultOrder, matching } from './faults.ts';
import type { Reply } from './request-context.ts';
import type { World } from './state/world.ts';

const style = `
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 2rem 1rem 4rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
  code, pre { font: 13px/1.5 ui-monospace, monospace; }
  pre { background: #8881; border-radius: 6px; overflow-x: auto; padding: .8rem 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid #8884; padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; }
`;

export function overviewReply(world: World, contract: Contract, controlUrl: string): Reply {
  const html = overviewPage(world, contract, controlUrl);
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    bytes: Buffer.from(html),
  };
}

function overviewPage(world: World, contract: Contract, controlUrl: string): string {
  const people = [...world.accounts.values()].filter(({ kind }) => kind === 'person');
  const origin = world.origin;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox</title><style>${style}</style></head><body>
<h1>TigerConnect sandbox</h1>
<p>A messaging service with ${people.length} demo people, named after pioneers of computing and medicine. It implements the REST
and event stream contract, v2 and v5 beside it, on <code>${text(origin)}</code>. All state is in memory and is lost on exit.</p>

<h2>Credentials</h2>
<p>Basic authentication. API key: the first name in lower case. Secret: <code>demo</code>. Start with Ada Lovelace:</p>
<pre>curl -u ada:demo ${text(origin)}/v2/roster
curl -u ada:demo ${text(origin)}/v2/message -d recipient=grace -d body='Are you on the ward?'
curl -u ada:demo -N -H 'TT-X-Features: heartbeat_5,multi-org,is-typing' ${text(origin)}/v2/events</pre>
<p>Login: user id (login name, e-mail, phone or token) and password <code>demo</code> return the key pair of a new session.
Also: <code>Authorization: magic-token magic-ada</code> on login, and <code>Authorization: Bearer ada.demo</code>
with <code>X-Device-ID</code> on all other calls.</p>

<h2>Organizations</h2>
${table(
  ['Name', 'Key'],
  [...world.organizations.values()].map(({ name, key }) => [text(name), code(key)]),
)}

<h2>People</h2>
${table(
  ['Name', 'Key', 'E-mail', 'Token', 'Where'],
  people.map((account) => [
    text(account.displayName),
    code(account.username),
    text(account.emails.join(', ')),
    code(account.token),
    text([...account.memberships.keys()].map((key) => world.organizations.get(key)?.name ?? key).join(', ')),
  ]),
)}

<h2>Groups and lists</h2>
${table(
  ['Name', 'Token', 'Members'],
  [
    ...[...world.groups.values()]
      .filter(({ deleted }) => !deleted)
      .map((group) => [
        text(`${group.name}${group.isPublic ? ' (public)' : ''}`),
        code(group.token),
        String(group.members.size),
      ]),
    ...[...world.lists.values()].map((list) => [
      text(`${list.displayName} (list)`),
      code(list.token),
      String(list.members.length),
    ]),
  ],
)}

<h2>Calls</h2>
${table(
  ['Call', 'Operation'],
  contract.operations().map(({ method, path, id }) => [code(`${method} ${path}`), text(id)]),
)}

<h2>Faults</h2>
<p>Faults are added on the control port, which listens on the loopback interface only: <code>POST /faults</code> with a kind,
its settings, and the requests it applies to.</p>
${table(
  ['Kind', 'Effect', 'Settings'],
  faultOrder.options.map((option) => [
    code(option.shape.kind.value),
    text(option.description ?? ''),
    settingsOf(option.shape),
  ]),
)}
<p>Selection of requests; a setting that is left out matches all:</p>
${table(
  ['Setting', 'Meaning'],
  Object.entries(matching).map(([name, schema]) => [code(name), text(schema.description ?? '')]),
)}
<p>Examples; <code>GET ${text(controlUrl)}/</code> lists all routes of the control port:</p>
<pre>curl ${text(controlUrl)}/faults -H 'content-type: application/json' -d '{"kind":"status","status":429,"retryAfter":2,"operationId":"sendMessage","count":1}'
curl ${text(controlUrl)}/faults -H 'content-type: application/json' -d '{"kind":"cut","path":"/v2/roster","caller":"ada","count":1}'
curl ${text(controlUrl)}/streams -H 'content-type: application/json' -d '{"action":"drop","caller":"ada"}'
curl ${text(controlUrl)}/clock -H 'content-type: application/json' -d '{"shiftMs":3600000}'
curl -X DELETE ${text(controlUrl)}/faults</pre>
</body></html>
`;
}

/** The settings of one kind of fault that are not common to all. */
function settingsOf(shape: Readonly<Record<string, z.ZodType>>): string {
  return Object.entries(shape)
    .filter(([name]) => name !== 'kind' && !(name in matching))
    .map(([name, schema]) => `${code(name)}: ${text(schema.description ?? '')}`)
    .join('<br>');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table>${cells('th', head)}\n${rows.map((row) => cells('td', row)).join('\n')}</table>`;
}

function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

/** Escapes HTML: callers can choose names. */
function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
