/** Search results while the user types. */
import { useEffect, useState } from 'react';
import type { ConversationStore } from 'tigerconnect-graphql/store';
import { reasonOf, search } from './calls.ts';

export type Hit = Awaited<ReturnType<typeof search>>[number];

const none: readonly Hit[] = [];

/** @returns The hits, and the reason of a failure, empty without one. */
export function useSearch(run: ConversationStore['run'], words: string): readonly [readonly Hit[], string] {
  const [hits, setHits] = useState(none);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let isOver = false;
    // One search after a pause in typing, not one per letter.
    const timer = setTimeout(async () => {
      const found = words === '' ? none : await search(run, words).catch((error: unknown) => reasonOf(error));
      if (isOver) return;
      setProblem(typeof found === 'string' ? found : '');
      setHits(typeof found === 'string' ? none : found);
    }, 200);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [run, words]);
  return [hits, problem];
}
