/** The clients of a model of conversations: each mirrors the state of its device, and connects and disconnects. */
import { ConversationMirror } from './conversation-mirror.ts';
import type { Device } from './device.ts';
import { controlOf, type SandboxControl } from './sandbox-control.ts';
import type { Stack } from './stack.ts';

export class ConversationMirrors {
  readonly all: readonly ConversationMirror[];
  readonly #control: SandboxControl;
  /** Ids of the conversations of the model, by person. */
  readonly #tracked = new Map<string, Set<string>>();
  #fences = 0;
  /** A stream was opened again since the last fence: notices may follow the end of its replay. */
  #isDisturbed = true;

  constructor(stack: Stack, devices: readonly Device[]) {
    this.#control = controlOf(stack.sandbox);
    for (const { person } of devices) this.#tracked.set(person, new Set());
    this.all = devices.map(
      (device) => new ConversationMirror(stack, device, this.#tracked.get(device.person) ?? new Set()),
    );
  }

  track(person: string, id: string): void {
    this.#tracked.get(person)?.add(id);
  }

  async start(): Promise<void> {
    for (const mirror of this.all) mirror.connect(false);
    await this.settle();
    for (const mirror of this.all) await mirror.readAll([...(this.#tracked.get(mirror.device.person) ?? [])]);
  }

  /** Waits until every event of what happened so far has come. */
  async settle(): Promise<void> {
    const online = this.all.filter(({ isOnline }) => isOnline);
    for (let passes = this.#isDisturbed ? 2 : 1; passes > 0 && online.length > 0; passes--) {
      this.#fences += 1;
      // Stored, so that it comes to a stream that is being opened too.
      const event = { 'tigertext:iq:fence': { number: this.#fences } };
      for (const caller of new Set(this.all.map(({ device }) => device.name)))
        await this.#control.inject({ caller, event, stored: true });
      const hasMet = await Promise.all(online.map((mirror) => mirror.until(this.#fences)));
      if (hasMet.includes(false)) passes += 1;
    }
    this.#isDisturbed = false;
    for (const mirror of online) await mirror.catchUp();
  }

  /** Marks what a conversation's counts are as unknown, at one person or at all. */
  markStale(idOf: (person: string) => string, person?: string): void {
    for (const mirror of this.all) {
      const { person: reader } = mirror.device;
      if (person === undefined || person === reader) mirror.markStale(idOf(reader));
    }
  }

  /** A device has sent into a conversation, or made it. Without a stream, only the reply says so. */
  changedBy(device: Device, id: string): void {
    const same = this.#sharing(device);
    if (same.every(({ isOnline }) => !isOnline)) for (const mirror of same) mirror.changedByReply(id);
  }

  /** A socket breaks, and its client subscribes again where it was. */
  async blink(mirror: ConversationMirror): Promise<void> {
    if (!mirror.isOnline) return;
    await mirror.disconnect();
    mirror.connect(true);
  }

  /** Returns when the upstream's streams are closed as well. */
  async leave(mirror: ConversationMirror): Promise<void> {
    if (!mirror.isOnline) return;
    await this.settle();
    await mirror.disconnect();
    const { name } = mirror.device;
    const open = new Set(this.#online(name).map(({ device }) => device.authorization)).size;
    for (let streams = -1; streams !== open; ) {
      streams = (await this.#control.openStreams())[name] ?? 0;
      if (streams !== open) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /**
   * One of several clients with a key pair resumes after its last event: others may have acknowledged events, which the upstream does
   * not replay. The only client of a pair relies on the replay. Resolves when its stream is open: until then, messages that the pair
   * sends are in the replies only.
   */
  async comeBack(mirror: ConversationMirror): Promise<void> {
    if (mirror.isOnline) return;
    mirror.connect(this.#sharing(mirror.device).length > 1, true);
    this.#isDisturbed = true;
    await this.settle();
  }

  /** The upstream ends the streams of a person. */
  async drop(name: string, action: 'drop' | 'reset'): Promise<void> {
    await this.#control.streams({ caller: name, action });
    this.#isDisturbed = true;
  }

  async close(): Promise<void> {
    for (const mirror of this.all) await mirror.disconnect();
  }

  #sharing({ authorization }: Device): readonly ConversationMirror[] {
    return this.all.filter(({ device }) => device.authorization === authorization);
  }

  #online(name: string): readonly ConversationMirror[] {
    return this.all.filter(({ isOnline, device }) => isOnline && device.name === name);
  }
}
