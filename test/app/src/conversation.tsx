import { useEffect, useState } from 'react';
import { useTimeline } from 'tigerconnect-graphql/react';
import { mute, reasonOf } from './calls.ts';
import { Composer } from './composer.tsx';
import { Avatar, type ConversationProps, describe, nameOf } from './counterpart.tsx';
import { Dialog } from './dialog.tsx';
import { LeaveGroup } from './leave-group.tsx';
import { Members } from './members.tsx';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';
import { Timeline } from './timeline.tsx';

export function Conversation({ messenger, row }: ConversationProps) {
  const { counterpart } = row;
  const name = nameOf(row);
  const timeline = useTimeline(messenger.store, row.id);
  const [shown, setShown] = useState<'members' | 'leave' | 'mute'>();
  const close = () => setShown(undefined);
  const isMuted = row.mutedUntil !== null;
  const setMute = (minutes?: number) =>
    mute(messenger.run, row.id, minutes).then(close, (error: unknown) => messenger.announcement.set(reasonOf(error)));

  return (
    <main className="conversation">
      <header>
        <a href="#all" className="back" aria-label={t.back}>
          ‹
        </a>
        <Avatar of={counterpart} name={name} />
        <h2>{name}</h2>
        <p>{describe(messenger, row)}</p>
        <div className="tools">
          {counterpart.__typename === 'Group' && (
            <button type="button" onClick={() => setShown('members')} children={t.members} />
          )}
          {counterpart.__typename !== 'DistributionList' && (
            <button type="button" aria-pressed={isMuted} onClick={() => (isMuted ? setMute() : setShown('mute'))}>
              {isMuted ? t.unmute : t.mute}
            </button>
          )}
        </div>
      </header>
      {timeline === undefined ? (
        <div className="messages" />
      ) : (
        <Timeline messenger={messenger} row={row} timeline={timeline} />
      )}
      <TypingLine messenger={messenger} row={row} />
      <Composer messenger={messenger} row={row} />
      {shown === 'members' && counterpart.__typename === 'Group' && (
        <Members
          messenger={messenger}
          group={counterpart.id}
          // Members of other kinds of groups follow from duty, an escalation or a team.
          onLeave={counterpart.kind === 'GROUP' || counterpart.kind === 'FORUM' ? () => setShown('leave') : undefined}
          onClose={close}
        />
      )}
      {shown === 'leave' && counterpart.__typename === 'Group' && (
        <LeaveGroup messenger={messenger} group={counterpart} onClose={close} />
      )}
      {shown === 'mute' && (
        <Dialog title={t.muteFor} onClose={close}>
          <ul className="choices">
            {Object.entries(t.muteTimes).map(([minutes, words]) => (
              <li key={minutes}>
                <button type="button" onClick={() => setMute(Number(minutes))} children={words} />
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </main>
  );
}

function TypingLine({ messenger: { people }, row }: ConversationProps) {
  const { typing, counterpart } = row;
  const names = useValue(people.names);
  const isGroup = counterpart.__typename !== 'User';
  useEffect(() => {
    if (isGroup) void people.want(typing);
  }, [people, typing, isGroup]);
  const writers = typing.map((id) => (isGroup ? (names[id] ?? t.somebody) : nameOf(row)));
  return (
    <p className="typing" aria-live="polite">
      {writers.length > 0 && t.typing(writers)}
    </p>
  );
}
