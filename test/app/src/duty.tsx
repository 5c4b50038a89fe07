import { type FormEvent, type ReactNode, useState } from 'react';
import type { Duty, Escalation, Role } from './state/duty.ts';
import { useValue } from './state/value.ts';

/** All roles with those on duty; one writes to a role, not to a name. */
export function Roles({ duty }: { readonly duty: Duty }) {
  const roles = useValue(duty.roles);
  return (
    <Drawer name="On duty" read={() => duty.readRoles()}>
      {roles?.map((role) => (
        <li key={role.id}>
          <RoleLine duty={duty} role={role} />
        </li>
      ))}
    </Drawer>
  );
}

/** A list that is read, and there, once it is open. */
function Drawer(props: { readonly name: string; readonly read: () => void; readonly children: ReactNode }) {
  const { name, read, children } = props;
  const [isOpen, setOpen] = useState(false);
  const toggle = () => {
    if (!isOpen) read();
    setOpen(!isOpen);
  };
  return (
    <div className="drawer">
      <button type="button" aria-expanded={isOpen} onClick={toggle} children={name} />
      {isOpen && <ul aria-label={name}>{children}</ul>}
    </div>
  );
}

function RoleLine({ duty, role }: { readonly duty: Duty; readonly role: Role }) {
  const [refusal, setRefusal] = useState('');
  const write = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = `${new FormData(form).get('body')}`.trim();
    if (body !== '') setRefusal(await duty.write(role.id, body));
    form.reset();
  };
  const names = role.onDuty.map((user) => user?.displayName).filter(Boolean);
  return (
    <form onSubmit={write}>
      <strong>{role.name}</strong>
      <span>{names.length > 0 ? names.join(', ') : 'Nobody on duty'}</span>
      <input name="body" placeholder="Write to the role" aria-label={`Message to ${role.name}`} />
      {refusal !== '' && <p role="alert">{refusal}</p>}
    </form>
  );
}

export function QuickReplies({ duty, onPick }: { readonly duty: Duty; readonly onPick: (text: string) => void }) {
  const replies = useValue(duty.quickReplies);
  return (
    <Drawer name="Quick replies" read={() => duty.readQuickReplies()}>
      {replies?.map((text) => (
        <li key={text}>
          <button type="button" onClick={() => onPick(text)} children={text} />
        </li>
      ))}
    </Drawer>
  );
}

const words = {
  CONFIRMED: 'confirmed',
  CANCELLED: 'cancelled',
  UNANSWERED: 'nobody answered',
  OTHER: 'changed',
} as const;

/** Who is asked now, step by step, and what the reader may do. */
export function EscalationState(props: { readonly duty: Duty; readonly of: Escalation; readonly isMine: boolean }) {
  const { duty, of, isMine } = props;
  const { name, status, level } = of;
  const names = of.steps[(level ?? 0) - 1]?.targets.map((target) => target.name ?? 'a back-up');
  const asked = names === undefined ? 'the role' : `${names.join(', ')} (step ${level} of ${of.steps.length})`;
  const now = status === 'IN_PROGRESS' ? `asking ${asked}` : words[status];
  const button = (how: 'confirm' | 'skip' | 'cancel', label: string) => (
    <button type="button" onClick={() => duty.answer(how, of)} children={label} />
  );
  return (
    <p className={`escalation ${status}`}>
      Escalation {name}: {now}
      {status === 'IN_PROGRESS' && isMine && button('cancel', 'Cancel')}
      {status === 'IN_PROGRESS' && !isMine && button('confirm', 'I take care')}
      {status === 'IN_PROGRESS' && !isMine && button('skip', 'Next step')}
    </p>
  );
}
