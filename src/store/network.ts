/** Whether the device has a network, as browsers say at once. Elsewhere it has one. */

/** What browsers have, and Node has not. */
type Page = Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & {
  readonly navigator?: { readonly onLine?: boolean };
};

const page: Page = globalThis;

export const isOffline = (): boolean => page.navigator?.onLine === false;

/** @returns Ends it. */
export function watchNetwork(onChange: (isOnline: boolean) => void): () => void {
  const [online, offline] = [() => onChange(true), () => onChange(false)];
  page.addEventListener?.('online', online);
  page.addEventListener?.('offline', offline);
  return () => {
    page.removeEventListener?.('online', online);
    page.removeEventListener?.('offline', offline);
  };
}
