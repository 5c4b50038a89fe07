/** The program: sets V8 flags before any other module is loaded, then runs `run.ts`. */
import {
  compileParserInLittleMemory,
  fillYoungSpace,
  keepHeapSmall,
  keepNewObjectsYoung,
  keepYoungSpace,
  retainCompiledCode,
} from './v8-flags.ts';

retainCompiledCode();
keepHeapSmall();
keepNewObjectsYoung();
fillYoungSpace();
keepYoungSpace();
compileParserInLittleMemory();
await import('./run.ts');
