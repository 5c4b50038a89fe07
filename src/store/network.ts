/** Whether the device has a network, as browsers report it. Without a browser it counts as connected. */

/** Globals of browsers that Node does not have. */
type Page = Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & {
  readonly navigator?: { readonly onLine?: boolean };
};

const page: Page = globalThis;

export const isOffline = (): boolean => page.navigator?.onLine === false;

/** @returns Function that stops the observation. */
export function watchNetwork(onChange: (isOnline: boolean) => void): () => void {
  const [online, offline] = [() => onChange(true), () => onChange(false)];
  page.addEventListener?.('online', online);
  page.addEventListener?.('offline', offline);
  return () => {
    page.removeEventListener?.('online', online);
    page.removeEventListener?.('offline', offline);
  };
}
