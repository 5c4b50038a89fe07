/** How V8 is to behave in a process that is the gateway's own. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Keeps compiled code through a pause. After some quiet seconds V8 collects garbage to give memory back, and with it goes
 * what it knew of objects that do not exist at the moment, such as calls under way; all code that was compiled for them is
 * thrown away. The first second of traffic after such a pause would be as slow as the first after the start.
 *
 * To be called before much is loaded: the first collection of garbage, in the middle of loading, fixes the pause.
 */
export function keepCompiledCode(): void {
  // Milliseconds of quiet before that collection: about eleven days.
  setFlagsFromString('--gc-memory-reducer-start-delay-ms=1000000000');
  // Collections for which the shape of an object outlives the last of its kind; 2 by default.
  setFlagsFromString('--retain-maps-for-n-gc=100');
}

/**
 * Lets the heap grow by half of what is alive before it is collected, not to four times as much. What that takes in memory is
 * better given to the young objects, most of which are dead when their room is collected: they never get into the heap then.
 * How large their room is, can be said only when the process is started; `npm start` and the image do.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

/**
 * Makes every object among the young ones. V8 watches which allocations outlive a collection, and makes those among the old
 * from then on: with a hundred operations under way that soon holds for many of an operation's objects, although they are
 * dead in the next moment. Only a collection of the whole heap takes them away, and until then they keep alive whatever
 * young objects they point at: an eighth of all that a query makes was carried along like this.
 */
export function keepNewObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Lets the room for young objects fill up before it is collected. V8 otherwise does so between two events as soon as four
 * fifths of it are taken, to spare some code in the middle of its work a pause of a few milliseconds; where much is under
 * way and survives, that is a tenth more collections.
 */
export function fillYoungSpace(): void {
  setFlagsFromString('--no-minor-gc-task');
}

/**
 * Leaves the room for young objects as large as the process was started with. V8 would double it as soon as much survives, up
 * to a power of two: 32 MB, or 64 with the other half. Which of the two is too much for some and 16 too little for many, and
 * what lies between can be had only by starting with it. Without such a start V8 begins with 1 MB, and has to let it grow.
 */
export function keepYoungSpace(): void {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  // Node by itself never gives so much.
  if (young !== undefined && young.space_size > 16 * 2 ** 20) setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets V8 compile the parser of the upstream's answers, which undici brings as WebAssembly, without the steps that need the most
 * memory and gain nothing that can be measured. With them the compiler gave back pieces of two megabytes, and glibc keeps up
 * to twice the largest piece it was ever given back, for each thread (mallopt(3), M_MMAP_THRESHOLD).
 */
export function compileParserInLittleMemory(): void {
  setFlagsFromString('--no-wasm-opt');
  setFlagsFromString('--no-wasm-loop-unrolling');
}
