/** V8 settings for a process that runs only the gateway. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Keeps optimized code across idle periods. After some idle seconds V8 runs a garbage collection that also discards the hidden
 * classes of objects without live instances, such as calls in flight, and the code optimized for them. The first second of
 * traffic after an idle period would be as slow as the first second after the start.
 *
 * Call this before most modules are loaded: the first garbage collection, which happens during loading, fixes the delay.
 */
export function retainCompiledCode(): void {
  // Idle milliseconds before that collection: about eleven days.
  setFlagsFromString('--gc-memory-reducer-start-delay-ms=1000000000');
  // Number of collections a hidden class survives without live instances; V8's default is 2.
  setFlagsFromString('--retain-maps-for-n-gc=100');
}

/**
 * Starts a collection of the old generation when it has grown by half of its live size, instead of to four times that size.
 * The saved memory is better spent on the young generation, because most objects die there and never reach the old one. The
 * size of the young generation can be set only at process start; `npm start` and the image do so.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

/**
 * Disables pretenuring: every object is allocated in the young generation. V8 records which allocation sites produce objects
 * that survive a collection, and then allocates those directly in the old generation. With 64 operations in flight this soon applies to
 * many short-lived objects of an operation. Only a full collection frees them, and until then they keep the young objects they
 * reference alive: 11 % of what 9,600 queries allocate enters the old generation instead of 1 %, with five full collections instead of
 * three. The processor time of a query is the same.
 */
export function keepNewObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Collects the young generation only when it is full. By default V8 collects between two tasks once it is 80 % full, to avoid
 * a pause of a few milliseconds inside a task. With many operations in flight that costs a tenth more collections.
 */
export function fillYoungSpace(): void {
  setFlagsFromString('--no-minor-gc-task');
}

/** Whether `keepYoungSpace` is in effect. */
let isYoungSpaceKept = false;

/**
 * Keeps the young generation at the size given at process start. V8 would double it when many objects survive, and only to a
 * power of two: a semi-space of 32 MB, or 64 MB for both. That is too much for some deployments, and 16 MB is too little for
 * many; a size in between is available only as a start flag. Without that flag V8 starts with 1 MB and must grow it.
 */
export function keepYoungSpace(): void {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  // Node's own default never exceeds this size, so a larger one comes from the start flag.
  if (young === undefined || young.space_size <= 16 * 2 ** 20) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  isYoungSpaceKept = true;
}

/**
 * Lets V8 enlarge a young generation that `keepYoungSpace` keeps, to the maximum given at process start: when many requests wait, what
 * they hold fills half of it, and each collection copies that. With 1,024 in flight a larger one saves a quarter of the processor time
 * (174 to 217 µs a query instead of 250 to 262), and takes 18 MiB. Does nothing in a process whose young generation is not kept.
 */
export function letYoungSpaceGrow(): void {
  if (!isYoungSpaceKept) return;
  isYoungSpaceKept = false;
  setFlagsFromString('--semi-space-growth-factor=2');
}

/**
 * Compiles undici's HTTP parser, a WebAssembly module, without the optimization passes that need the most memory; they bring no
 * measurable gain. With them the compiler freed blocks of two megabytes, and glibc retains up to twice the size of the largest
 * freed block per thread (mallopt(3), M_MMAP_THRESHOLD).
 */
export function compileParserInLittleMemory(): void {
  setFlagsFromString('--no-wasm-opt');
  setFlagsFromString('--no-wasm-loop-unrolling');
}
