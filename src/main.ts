/** The program. The engine is set before anything else is loaded; run.ts is what it does. */
import { fillYoungSpace, keepCompiledCode, keepHeapSmall, keepNewObjectsYoung, keepYoungSpace } from './engine.ts';

keepCompiledCode();
keepHeapSmall();
keepNewObjectsYoung();
fillYoungSpace();
keepYoungSpace();
await import('./run.ts');
