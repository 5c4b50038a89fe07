/** The program: sets V8 flags before any other module is loaded, then runs `run.ts`. */
import {
  compileParserInLittleMemory,
  fillYoungSpace,
  keepCompiledCode,
  keepHeapSmall,
  keepNewObjectsYoung,
  keepYoungSpace,
} from './v8-flags.ts';

keepCompiledCode();
keepHeapSmall();
keepNewObjectsYoung();
fillYoungSpace();
keepYoungSpace();
compileParserInLittleMemory();
await import('./run.ts');
