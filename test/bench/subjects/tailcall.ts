/** Tailcall: its npm package carries the program, which needs a C library newer than some systems have. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Child, cores } from '../processes.ts';
import { type Operation, oneUser } from '../queries.ts';
import { HttpSubject } from './http-subject.ts';

const folder = new URL('../', import.meta.url).pathname;
const program = join(folder, 'node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall');
const ownLibrary = join(folder, '.glibc');

/** How to start the program here: as it is, or by the loader of a newer C library out of Debian's next release. */
function command(): readonly string[] {
  if (!existsSync(program)) throw new Error('Tailcall is not installed; its package is for Linux on x64 only.');
  if (spawnSync(program, ['--version']).status === 0) return [program];
  const library = join(ownLibrary, 'usr/lib/x86_64-linux-gnu');
  const loader = join(library, 'ld-linux-x86-64.so.2');
  if (!existsSync(loader))
    execFileSync('bash', [join(folder, 'subjects/newer-libc.sh'), ownLibrary], { stdio: 'ignore' });
  return [loader, '--library-path', `${library}:/lib/x86_64-linux-gnu`, program];
}

/** The roster of `queries.ts` in Tailcall's schema. */
const twoLists = `roster {
    people { organizationKey counterpart { __typename token displayName title isDoNotDisturb } }
    groups {
      organizationKey
      counterpart { __typename token name memberCount members { user { token displayName title } } }
    }
  }
  `;

/** The same question in Tailcall's schema: lists of tokens are lists of objects there, and the roster is two lists. */
function bodyOf({ query, variables }: Operation): string {
  const tokens = variables.messages as readonly string[] | undefined;
  if (tokens === undefined) return JSON.stringify({ query, variables });
  const [roster, messages] = [query.indexOf('roster {'), query.indexOf('messages(ids')];
  const ownQuery = query.slice(0, roster) + twoLists + query.slice(messages);
  return JSON.stringify({
    query: ownQuery
      .replace('[ID!]!', '[Ref!]!')
      .replace('messages(ids: $messages) {', 'messages(ids: $messages) { message {')
      .replace(/\}\s*$/, '} }'),
    variables: { messages: tokens.map((token) => ({ token })) },
  });
}

interface Entry {
  readonly counterpart: { readonly members?: readonly { readonly user: unknown }[] };
}

interface Answer {
  readonly roster?: { readonly people: readonly Entry[]; readonly groups: readonly Entry[] };
  readonly messages?: readonly { message: { status: string; recipientStatuses?: { status: string }[] } }[];
}

function normalise(data: unknown): unknown {
  const { roster, messages } = data as Answer;
  if (roster === undefined || messages === undefined) return data;
  const nodes = [...roster.people, ...roster.groups].map((entry) => {
    const { members, ...counterpart } = entry.counterpart;
    const users = members === undefined ? {} : { members: { nodes: members.map(({ user }) => user) } };
    return { ...entry, counterpart: { ...counterpart, ...users } };
  });
  const upper = <Row extends { status: string }>(row: Row): Row => ({ ...row, status: row.status.toUpperCase() });
  return {
    roster: { entries: { nodes } },
    messages: messages.map(({ message }) => ({
      ...upper(message),
      ...(message.recipientStatuses === undefined ? {} : { recipientStatuses: message.recipientStatuses.map(upper) }),
    })),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startTailcall(upstreamUrl: string): Promise<HttpSubject> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'bench-tailcall-'));
  const config = join(directory, 'tailcall.graphql');
  const template = readFileSync(join(folder, 'peers/tailcall.graphql'), 'utf8');
  await writeFile(config, template.replaceAll('$PORT', String(port)).replaceAll('$UPSTREAM', upstreamUrl));
  const [executable = '', ...args] = command();
  const child = new Child({
    core: cores.subject,
    command: executable,
    arguments: [...args, 'start', config],
    env: { TAILCALL_LOG_LEVEL: 'off', TAILCALL_TRACKER: 'false' },
  });
  child.process.once('exit', () => void rm(directory, { recursive: true, force: true }));
  const url = `http://127.0.0.1:${port}`;
  const subject = new HttpSubject({ name: 'tailcall', label: 'Tailcall 1.6.14', child, url, bodyOf, normalise });
  for (let tries = 0; tries < 200; tries++) {
    const answered = await subject.ask(oneUser, 0).catch(() => undefined);
    if (answered !== undefined) return subject;
    await delay(25);
  }
  await child.stop();
  throw new Error('Tailcall did not start');
}
