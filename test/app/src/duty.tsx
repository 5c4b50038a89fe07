import { type FormEvent, type ReactNode, useState } from 'react';
import type { ConversationStore } from 'tigerconnect-graphql/store';
import type { EscalationCardFragment, RoleCardFragment } from 'tigerconnect-graphql-documents';
import { answer, reasonOf, writeToRole } from './calls.ts';
import type { Duty } from './state/duty.ts';
import type { Messenger } from './state/messenger.ts';
import { useValue } from './state/value.ts';
import { t } from './texts.ts';

type Run = ConversationStore['run'];

/** All roles with those on duty; one writes to a role, not to a name. */
export function Roles({ messenger: { duty, run } }: { readonly messenger: Messenger }) {
  const roles = useValue(duty.roles);
  return (
    <Drawer name={t.onDuty} read={() => duty.readRoles()}>
      {roles?.map((role) => (
        <li key={role.id}>
          <RoleLine run={run} role={role} />
        </li>
      ))}
    </Drawer>
  );
}

/** A list that is read, and there, once it is open. */
function Drawer(props: { readonly name: string; readonly read: () => Promise<void>; readonly children: ReactNode }) {
  const { name, read, children } = props;
  const [isOpen, setOpen] = useState(false);
  const toggle = () => {
    if (!isOpen) read().catch(() => undefined);
    setOpen(!isOpen);
  };
  return (
    <div className="drawer">
      <button type="button" aria-expanded={isOpen} onClick={toggle} children={name} />
      {isOpen && <ul aria-label={name}>{children}</ul>}
    </div>
  );
}

interface RoleLineProps {
  readonly run: Run;
  readonly role: RoleCardFragment;
  readonly onDone?: () => void;
}

export function RoleLine({ run, role, onDone }: RoleLineProps) {
  const [refusal, setRefusal] = useState('');
  const write = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = `${new FormData(form).get('body')}`.trim();
    if (body === '') return;
    try {
      await writeToRole(run, role.id, body);
      form.reset();
      setRefusal('');
      onDone?.();
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  };
  const names = role.onDuty.map((user) => user?.displayName).filter(Boolean);
  return (
    <form onSubmit={write}>
      <strong>{role.name}</strong>
      <span>{names.length > 0 ? names.join(', ') : t.noneOnDuty}</span>
      <input name="body" placeholder={t.writeToRole} aria-label={t.messageTo(role.name ?? t.noName)} />
      {refusal !== '' && <p role="alert">{refusal}</p>}
    </form>
  );
}

export function QuickReplies({ duty, onPick }: { readonly duty: Duty; readonly onPick: (text: string) => void }) {
  const replies = useValue(duty.quickReplies);
  return (
    <Drawer name={t.quickReplies} read={() => duty.readQuickReplies()}>
      {replies?.map((text) => (
        <li key={text}>
          <button type="button" onClick={() => onPick(text)} children={text} />
        </li>
      ))}
    </Drawer>
  );
}

interface EscalationProps {
  readonly run: Run;
  readonly of: EscalationCardFragment;
  readonly isMine: boolean;
}

/** The persons asked in the current step of an escalation, and the buttons that the reader may use. */
export function EscalationState({ run, of, isMine }: EscalationProps) {
  const [problem, setProblem] = useState('');
  const { name, status, level } = of;
  const names = of.steps[(level ?? 0) - 1]?.targets.map((target) => target.name ?? t.aBackUp);
  const asked = names === undefined ? t.theRole : t.step(names.join(', '), level ?? 0, of.steps.length);
  const isOpen = status === 'IN_PROGRESS';
  const button = (how: 'confirm' | 'skip' | 'cancel', label: string) => {
    const act = () => answer(run, how, of).catch((error: unknown) => setProblem(reasonOf(error)));
    return <button type="button" onClick={act} children={label} />;
  };
  return (
    <p className={`escalation ${status}`}>
      {t.escalation(name ?? '', isOpen ? t.asking(asked) : t.escalations[status])}
      {isOpen && isMine && button('cancel', t.cancel)}
      {isOpen && !isMine && button('confirm', t.takeCare)}
      {isOpen && !isMine && button('skip', t.nextStep)}
      {problem !== '' && <span role="alert">{problem}</span>}
    </p>
  );
}
