/** A signal that a test waits for instead of sleeping; the test runner's own timeout ends the wait. */
export interface Signal {
  readonly fired: Promise<void>;
  fire(): void;
}

export function createSignal(): Signal {
  let fire: () => void = () => {};
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fired, fire };
}
