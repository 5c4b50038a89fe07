/** The program. The engine is set before anything else is loaded; run.ts is what it does. */
import { keepCompiledCode, keepHeapSmall } from './engine.ts';

keepCompiledCode();
keepHeapSmall();
await import('./run.ts');
