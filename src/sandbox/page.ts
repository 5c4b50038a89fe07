/** The overview page at `GET /`: people, credentials, calls, faults. It loads nothing from elsewhere. */
import type { z } from 'zod';
import type { Contract } from './contract.ts';
import { faultOrder, matching } from './faults/faults.ts';
import type { Reply } from './http/request-context.ts';
import type { World } from './state/world.ts';

const style = `
  :root { color-scheme: light dark; background: light-dark(#fff, #14191c); color: light-dark(#17242c, #e4ecf0); }
  a { color: light-dark(#0b5d75, #6cc4dc); }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 2rem 1rem 4rem; overflow-wrap: anywhere; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; scroll-margin-top: 1rem; }
  nav ul { columns: 11rem; list-style: none; margin: 0; padding: 0; } nav a { display: inline-block; padding: .3rem 0; }
  .wide { overflow-x: auto; }
  code, pre { font: 13px/1.5 ui-monospace, monospace; }
  pre { background: light-dark(#f0f3f4, #20282d); border-radius: 6px; padding: .8rem 1rem; white-space: pre-wrap; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid #8884; padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; }
  th, td { min-width: 6rem; }
`;

/** Chapters, by the id of their heading. */
const chapters = {
  credentials: 'Credentials',
  organizations: 'Organizations',
  people: 'People',
  groups: 'Groups and lists',
  calls: 'Calls',
  faults: 'Faults',
} as const;

/** What the page names beside the state of the sandbox. */
export interface OverviewPlaces {
  readonly controlUrl: string;
  /** Pages in front of the sandbox, by name. */
  readonly links: ReadonlyMap<string, string>;
}

/** The page, with headers that keep it from loading anything from elsewhere. */
export function overviewReply(world: World, contract: Contract, places: OverviewPlaces): Reply {
  const html = overviewPage(world, contract, places);
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    bytes: Buffer.from(html),
  };
}

function overviewPage(world: World, contract: Contract, { controlUrl, links }: OverviewPlaces): string {
  const people = [...world.accounts.values()].filter(({ kind }) => kind === 'person');
  const origin = world.origin;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sandbox</title><style>${style}</style></head><body><main>
<h1>TigerConnect sandbox</h1>
<p>A messaging service with ${people.length} demo people, named after pioneers of computing and medicine. It implements the REST
and event stream contract, v2 and v5 beside it, on <code>${text(origin)}</code>. All state is in memory and is lost on exit.</p>
<p>${linksTo(links)}</p>
<nav aria-label="Contents"><ul>${Object.entries(chapters)
    .map(([id, name]) => `<li><a href="#${id}">${name}</a></li>`)
    .join('')}</ul></nav>

${chapter('credentials')}
<p>Basic authentication. API key: the first name in lower case. Secret: <code>demo</code>. Start with Ada Lovelace:</p>
<pre>curl -u ada:demo ${text(origin)}/v2/roster
curl -u ada:demo ${text(origin)}/v2/message -d recipient=grace -d body='Are you on the ward?'
curl -u ada:demo -N -H 'TT-X-Features: heartbeat_5,multi-org,is-typing' ${text(origin)}/v2/events</pre>
<p>Login: user id (login name, e-mail, phone or token) and password <code>demo</code> return the key pair of a new session.
Also: <code>Authorization: magic-token magic-ada</code> on login, and <code>Authorization: Bearer ada.demo</code>
with <code>X-Device-ID</code> on all other calls.</p>

${chapter('organizations')}
${table(
  ['Name', 'Key'],
  [...world.organizations.values()].map(({ name, key }) => [text(name), code(key)]),
)}

${chapter('people')}
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

${chapter('groups')}
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

${chapter('calls')}
${table(
  ['Call', 'Operation'],
  contract.operations.map(({ method, path, id }) => [code(`${method} ${path}`), text(id)]),
)}

${chapter('faults')}
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
</main></body></html>
`;
}

function chapter(id: keyof typeof chapters): string {
  return `<h2 id="${id}">${chapters[id]}</h2>`;
}

function linksTo(links: ReadonlyMap<string, string>): string {
  const anchors = [...links].map(([name, url]) => `<a href="${text(url)}">${text(name)}</a>`);
  if (anchors.length > 0) return `In front of it: ${anchors.join(', ')}`;
  return 'In front of it, from the same repository: <code>npm run dev</code> with GraphiQL, <code>npm run app</code> with the sample app.';
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
  // A table wider than a phone scrolls separately.
  return `<div class="wide" tabindex="0"><table>${cells('th', head)}\n${rows.map((row) => cells('td', row)).join('\n')}</table></div>`;
}

function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

/** Escapes HTML: callers can choose names. */
function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
