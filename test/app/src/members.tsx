import { useCallback, useEffect, useState } from 'react';
import { GroupDocument, type GroupId, type UserCardFragment } from 'tigerconnect-graphql-documents';
import { reasonOf } from './calls.ts';
import { Avatar, nameOf } from './counterpart.tsx';
import { Dialog } from './dialog.tsx';
import type { Messenger } from './state/messenger.ts';
import { t } from './texts.ts';

interface MembersProps {
  readonly messenger: Messenger;
  readonly group: GroupId;
  readonly onClose: () => void;
}

/** Everyone in a group, a page at a time. */
export function Members({ messenger: { run }, group, onClose }: MembersProps) {
  const [members, setMembers] = useState<readonly UserCardFragment[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState('');

  const read = useCallback(
    async (after: string | null) => {
      try {
        const { group: found } = await run(GroupDocument, { id: group, after });
        const { nodes = [], pageInfo } = found?.members ?? {};
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
  return (
    <Dialog title={t.members} onClose={onClose}>
      {problem !== '' && <p role="alert">{problem}</p>}
      <ul className="hits" aria-label={t.members}>
        {members.map((member) => (
          <li key={member.id} className="hit">
            <Avatar of={member} name={nameOf({ counterpart: member })} />
            {nameOf({ counterpart: member })}
          </li>
        ))}
      </ul>
      {next !== null && <button type="button" onClick={() => read(next)} children={t.more} />}
    </Dialog>
  );
}
