/** Moves the focus with the arrow keys, and when its element is removed. */
import type { KeyboardEvent } from 'react';

const ways: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

/**
 * Moves the focus to the previous or next item of a list that has one tab stop (roving tabindex).
 * @param selector Of the element that takes the focus in each item.
 */
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

/** Focuses the composer, otherwise the search field. Not on touch screens, whose keyboard would cover the messages. */
export function focusComposer(): void {
  if (!matchMedia('(pointer: fine)').matches) return;
  const field =
    document.querySelector<HTMLElement>('.composer textarea') ?? document.querySelector<HTMLElement>('.find input');
  field?.focus();
}
