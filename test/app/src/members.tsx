import { useCallback, useEffect, useRef, useState } from 'react';
import { GroupDocument, type GroupId, type UserCardFragment } from 'tigerconnect-graphql-documents';
import { addMember, reasonOf, removeMember } from './calls.ts';
import { Avatar, nameOf } from './counterpart.tsx';
import { Dialog } from './dialog.tsx';
import type { Messenger } from './state/messenger.ts';
import { t } from './texts.ts';
import { useSearch } from './use-search.ts';

interface MembersProps {
  readonly messenger: Messenger;
  readonly group: GroupId;
  /** Undefined where the caller cannot. */
  readonly onLeave: (() => void) | undefined;
  readonly onClose: () => void;
}

type Person = Pick<UserCardFragment, '__typename' | 'id' | 'displayName'>;

/** Everyone in a group, a page at a time; others are found by name and added. */
export function Members({ messenger: { run, session }, group, onLeave, onClose }: MembersProps) {
  const [members, setMembers] = useState<readonly Person[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const [problem, setProblem] = useState('');
  const [done, setDone] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const [hits, failure] = useSearch(run, words);
  const isMember = ({ id }: Person) => members.some((member) => member.id === id);
  const found = new Map(
    hits.flatMap(({ node }) => (node?.__typename === 'User' && !isMember(node) ? [[node.id, node]] : [])),
  );

  const read = useCallback(
    async (after: string | null) => {
      try {
        const { group: read } = await run(GroupDocument, { id: group, after });
        const { nodes = [], pageInfo } = read?.members ?? {};
        const people = nodes.filter((node) => node !== null);
        setMembers((former) => (after === null ? people : [...former, ...people]));
        setNext(pageInfo?.hasNextPage === true ? pageInfo.endCursor : null);
      } catch (error) {
        setProblem(reasonOf(error));
      }
    },
    [run, group],
  );
  useEffect(() => void read(null), [read]);
  const change = async (work: typeof addMember, person: Person) => {
    try {
      await work(run, group, person.id);
      const others = members.filter(({ id }) => id !== person.id);
      setMembers(work === addMember ? [...others, person] : others);
      const name = nameOf({ counterpart: person });
      setDone(work === addMember ? t.memberAdded(name) : t.memberRemoved(name));
      setProblem('');
      setWords('');
      if (field.current !== null) field.current.value = '';
      // The button that had the focus is gone.
      field.current?.focus();
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <Dialog title={t.members} onClose={onClose}>
      <input
        type="search"
        ref={field}
        placeholder={t.findPerson}
        aria-label={t.findPerson}
        onChange={(event) => setWords(event.target.value.trim())}
      />
      {problem + failure !== '' && <p role="alert">{problem || failure}</p>}
      <p aria-live="polite">{done}</p>
      {found.size > 0 && (
        <ul className="hits found" aria-label={t.people}>
          {[...found.values()].map((person) => (
            <MemberLine
              key={person.id}
              person={person}
              label={t.addMember}
              onChange={() => change(addMember, person)}
            />
          ))}
        </ul>
      )}
      <ul className="hits" aria-label={t.members}>
        {members.map((person) => (
          <MemberLine
            key={person.id}
            person={person}
            label={t.remove}
            onChange={person.id === session.me ? undefined : () => change(removeMember, person)}
          />
        ))}
      </ul>
      {next !== null && <button type="button" onClick={() => read(next)} children={t.more} />}
      {onLeave !== undefined && (
        <p className="buttons">
          <button type="button" onClick={onLeave} children={t.leaveGroup} />
        </p>
      )}
    </Dialog>
  );
}

interface MemberLineProps {
  readonly person: Person;
  readonly label: (name: string) => string;
  readonly onChange: (() => void) | undefined;
}

function MemberLine({ person, label, onChange }: MemberLineProps) {
  const name = nameOf({ counterpart: person });
  return (
    <li className="hit">
      <Avatar of={person} name={name} />
      <span>{name}</span>
      {onChange !== undefined && (
        <button type="button" className="change" aria-label={label(name)} onClick={onChange}>
          {label === t.remove ? '−' : '+'}
        </button>
      )}
    </li>
  );
}
