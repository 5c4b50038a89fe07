/**
 * Admission of calls to the upstream: a bound over all callers, a bound for each, and bounded queues behind them.
 * A free place goes to the waiting callers in turn, so that one caller's long queue does not delay another's single call.
 */
import { Row, type RowMember } from './linked-queue.ts';

export interface LaneBounds {
  /** Places for all callers together. */
  readonly places: number;
  readonly placesPerCaller: number;
  /** Of whom it is not known whether the upstream takes its credential; undefined: nobody. */
  readonly unproven?: {
    /** Places of such a caller. */
    readonly places: number;
    /** Asked when a lane begins. */
    readonly isProven: (key: string) => boolean;
  };
  readonly queue: number;
  readonly queuePerCaller: number;
}

/** What wants a place. One at a time: it may enter again after it left. */
export interface Entrant extends RowMember<Entrant> {
  /** The lane it is in; the lanes' own business. */
  lane: Lane | undefined;
  /** It has the place it waited for. Told a moment later; who has lost interest by then leaves. */
  granted(): void;
}

/** What an entrant's lane tells of itself. */
class Lane implements RowMember<Lane> {
  readonly key: string;
  /** Its calls succeed: it may have as many places as any. */
  isProven: boolean;
  running = 0;
  waiting = 0;
  readonly entrants = new Row<Entrant>();
  row: object | undefined;
  before: Lane | undefined;
  behind: Lane | undefined;

  constructor(key: string, isProven: boolean) {
    this.key = key;
    this.isProven = isProven;
  }
}

/** Whether there was a place, or one has to be waited for; else which queue is full. */
export type Admission = 'entered' | 'waiting' | Refusal;
export type Refusal = 'caller' | 'everyone';

/** For a microtask without the resource that `queueMicrotask` makes for each. */
const soon = Promise.resolve();

export class Lanes {
  readonly #bounds: LaneBounds;
  /** A lane exists only while one of its calls runs or waits. */
  readonly #lanes = new Map<string, Lane>();
  /** Lanes with a waiting call and a place of their own left, in order of service. */
  readonly #ready = new Row<Lane>();
  /** Those that have a place and have not been told. */
  #granted: Entrant[] = [];
  #running = 0;
  #waiting = 0;

  constructor(bounds: LaneBounds) {
    this.#bounds = bounds;
  }

  /** Callers with a call running or waiting. */
  get callers(): number {
    return this.#lanes.size;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a place for `key`, at once or later, which `leave` gives back. */
  enter(key: string, entrant: Entrant): Admission {
    const lane = this.#lanes.get(key);
    const { places, queuePerCaller, queue } = this.#bounds;
    const isFree = this.#running < places && (lane === undefined || (this.#hasRoom(lane) && lane.waiting === 0));
    if (!isFree) {
      if (lane !== undefined && lane.waiting >= queuePerCaller) return 'caller';
      if (this.#waiting >= queue) return 'everyone';
    }
    const own = lane ?? this.#newLane(key);
    entrant.lane = own;
    if (isFree) {
      this.#running++;
      own.running++;
      return 'entered';
    }
    own.entrants.add(entrant);
    own.waiting++;
    this.#waiting++;
    this.#settle(own);
    return 'waiting';
  }

  /** Gives a place back. */
  leave(entrant: Entrant): void {
    const { lane } = entrant;
    if (lane === undefined) return;
    entrant.lane = undefined;
    lane.running--;
    this.#running--;
    this.#settle(lane);
    this.#serve();
  }

  /** Gives up waiting. @returns False when it has a place already, or never waited: then it leaves as any other. */
  withdraw(entrant: Entrant): boolean {
    const { lane } = entrant;
    if (lane === undefined || !lane.entrants.remove(entrant)) return false;
    entrant.lane = undefined;
    lane.waiting--;
    this.#waiting--;
    this.#settle(lane);
    return true;
  }

  /** The upstream took a call of this entrant's lane, or refused its credential. To be said before it leaves. */
  prove(entrant: Entrant, isProven: boolean): void {
    const { lane } = entrant;
    if (lane !== undefined) lane.isProven = isProven;
  }

  #hasRoom({ running, isProven }: Lane): boolean {
    return running < (isProven ? this.#bounds.placesPerCaller : (this.#bounds.unproven?.places ?? 0));
  }

  #newLane(key: string): Lane {
    const lane = new Lane(key, this.#bounds.unproven?.isProven(key) ?? true);
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Puts the lane where it belongs after its numbers changed. */
  #settle(lane: Lane): void {
    if (lane.waiting > 0 && this.#hasRoom(lane)) {
      this.#ready.add(lane);
      return;
    }
    this.#ready.remove(lane);
    if (lane.waiting + lane.running === 0) this.#lanes.delete(lane.key);
  }

  #serve(): void {
    while (this.#running < this.#bounds.places) {
      // Taken out, and put back at the end of the row: the next place goes to the next caller.
      const lane = this.#ready.take();
      const entrant = lane?.entrants.take();
      if (lane === undefined || entrant === undefined) return;
      lane.waiting--;
      this.#waiting--;
      lane.running++;
      this.#running++;
      this.#settle(lane);
      if (this.#granted.push(entrant) === 1) soon.then(this.#tell);
    }
  }

  /** Not from within whatever freed the place: the connection it was on is free only after that. */
  readonly #tell = () => {
    const granted = this.#granted;
    this.#granted = [];
    for (const entrant of granted) entrant.granted();
  };
}
