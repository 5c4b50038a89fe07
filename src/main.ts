/** The program. The engine is set before anything else is loaded; run.ts is what it does. */
import { keepCompiledCode, keepHeapSmall, keepNewObjectsYoung } from './engine.ts';

keepCompiledCode();
keepHeapSmall();
keepNewObjectsYoung();
await import('./run.ts');
