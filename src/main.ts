/** The program. The engine is set before anything else is loaded; run.ts is what it does. */
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
