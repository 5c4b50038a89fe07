import { type FormEvent, useEffect, useState } from 'react';
import { createGroup, open, reasonOf } from './calls.ts';
import { Avatar, nameOf } from './counterpart.tsx';
import { Dialog } from './dialog.tsx';
import { RoleLine } from './duty.tsx';
import type { Messenger } from './state/messenger.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';
import { type Hit, useSearch } from './use-search.ts';

/** Finds people, groups, lists and roles; opens a conversation with one, or makes a group of several people. */
export function NewConversation({
  messenger,
  onClose,
}: {
  readonly messenger: Messenger;
  readonly onClose: () => void;
}) {
  const { run, duty, session } = messenger;
  const [query, setQuery] = useState('');
  const [hits, failure] = useSearch(run, query);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Hit>>(new Map());
  const [problem, setProblem] = useState('');
  const all = useValue(duty.roles) ?? [];
  const roles = all.filter(({ name }) => query !== '' && name?.toLowerCase().includes(query));
  // The account of a role is found as well; one writes to the role. So is the caller.
  const others = hits.filter(
    ({ node }) => node?.id !== session.me && !all.some(({ token }) => `${token}` === node?.token),
  );

  useEffect(() => void duty.readRoles().catch(() => undefined), [duty]);

  const leave = (work: Promise<void>) => work.then(onClose, (error: unknown) => setProblem(reasonOf(error)));
  const choose = (hit: Hit) => {
    const id = hit.node?.id ?? '';
    const rest = [...chosen].filter(([one]) => one !== id);
    setChosen(new Map(chosen.has(id) ? rest : [...chosen, [id, hit]]));
  };
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [first] = chosen.values();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name !== '') void leave(createGroup(run, name, [...chosen.keys()], first?.organizationKey ?? null));
  };
  return (
    <Dialog title={t.newConversation} onClose={onClose}>
      <input
        type="search"
        placeholder={t.nameOrRole}
        aria-label={t.nameOrRole}
        onChange={(event) => setQuery(event.target.value.trim().toLowerCase())}
      />
      {problem + failure !== '' && <p role="alert">{problem || failure}</p>}
      {chosen.size > 0 && (
        <form className="group" onSubmit={make}>
          <ul className="chosen">
            {[...chosen].map(([id, hit]) => (
              <li key={id}>
                <button type="button" onClick={() => choose(hit)} aria-label={t.remove(nameOfHit(hit))}>
                  {nameOfHit(hit)} ×
                </button>
              </li>
            ))}
          </ul>
          <input name="name" required placeholder={t.groupName} aria-label={t.groupName} />
          <button type="submit" children={t.createGroup(chosen.size)} />
        </form>
      )}
      <ul className="hits" aria-label={t.people}>
        {others.map(
          (hit) =>
            hit.node && (
              <HitLine
                key={`${hit.node.id} ${hit.organizationKey}`}
                {...{ hit, choose }}
                isChosen={chosen.has(hit.node.id)}
                onOpen={() => leave(open(run, hit))}
                messenger={messenger}
              />
            ),
        )}
      </ul>
      <ul className="hits" aria-label={t.roles}>
        {roles.map((role) => (
          <li key={role.id}>
            <RoleLine run={run} role={role} onDone={onClose} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const nameOfHit = ({ node }: Hit) => (node === null ? t.noName : nameOf({ counterpart: node }));

interface HitLineProps {
  readonly messenger: Messenger;
  readonly hit: Hit;
  readonly isChosen: boolean;
  readonly choose: (hit: Hit) => void;
  readonly onOpen: () => void;
}

function HitLine({ messenger, hit, isChosen, choose, onOpen }: HitLineProps) {
  const { node, membership, organizationKey } = hit;
  const name = nameOfHit(hit);
  const organization = messenger.session.organizations[organizationKey ?? ''];
  if (node === null) return null;
  return (
    <li className="hit">
      <button type="button" onClick={onOpen}>
        <Avatar of={node} name={name} />
        <span>
          {name}
          <small>{[membership?.title, membership?.department, organization].filter(Boolean).join(' · ')}</small>
        </span>
      </button>
      {node.__typename === 'User' && (
        <input type="checkbox" checked={isChosen} onChange={() => choose(hit)} aria-label={t.addToGroup(name)} />
      )}
    </li>
  );
}
