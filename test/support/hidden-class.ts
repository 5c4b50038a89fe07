/** Hidden classes of V8: objects that are made alike should share one, as code is fast only for a few of them. */
import { setFlagsFromString } from 'node:v8';

/** Whether two objects have the same hidden class. */
export function shareHiddenClass(one: object, other: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  try {
    return haveSameMap()(one, other);
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

function haveSameMap(): (one: object, other: object) => boolean {
  // The syntax is V8's own: as source code of this file it would not compile.
  return new Function('one', 'other', 'return %HaveSameMap(one, other)') as (one: object, other: object) => boolean;
}
