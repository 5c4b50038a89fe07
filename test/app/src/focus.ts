/** Where the focus goes with the arrow keys, and when what had it is gone. */
import type { KeyboardEvent } from 'react';

const ways: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

/** In a list that is one stop of the Tab key: to the one before or after. @param selector Of what has the focus in each line. */
export function goOn(event: KeyboardEvent<HTMLElement>, selector: string): void {
  const way = ways[event.key];
  const line = document.activeElement?.closest('li');
  if (way === undefined || line == null) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const next = all[all.findIndex((one) => line.contains(one)) + way];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** To where one writes, or finds a conversation, if there is a keyboard: elsewhere one would cover what was written. */
export function focusComposer(): void {
  if (!matchMedia('(pointer: fine)').matches) return;
  const field =
    document.querySelector<HTMLElement>('.composer textarea') ?? document.querySelector<HTMLElement>('.find input');
  field?.focus();
}
