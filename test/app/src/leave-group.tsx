import { useState } from 'react';
import type { GroupCardFragment } from 'tigerconnect-graphql-documents';
import { leaveGroup, reasonOf } from './calls.ts';
import { nameOf } from './counterpart.tsx';
import { Dialog } from './dialog.tsx';
import type { Messenger } from './state/messenger.ts';
import { t } from './texts.ts';

interface LeaveProps {
  readonly messenger: Messenger;
  readonly group: GroupCardFragment;
  readonly onClose: () => void;
}

/** Asks before the caller leaves a group; its conversation goes with it. */
export function LeaveGroup({ messenger: { run, session, announcement }, group, onClose }: LeaveProps) {
  const [problem, setProblem] = useState('');
  const name = nameOf({ counterpart: group });
  const leave = () =>
    leaveGroup(run, group, session.me).then(
      () => announcement.set(t.groupLeft(name)),
      (error: unknown) => setProblem(reasonOf(error)),
    );
  return (
    <Dialog title={t.leaveGroup} onClose={onClose}>
      <p>{t.leaveAsk(name)}</p>
      {problem !== '' && <p role="alert">{problem}</p>}
      <p className="buttons">
        <button type="button" onClick={onClose} children={t.cancel} />
        <button type="submit" onClick={leave} children={t.leaveYes} />
      </p>
    </Dialog>
  );
}
