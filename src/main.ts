/** The program. The engine is set before anything else is loaded; run.ts is what it does. */
import { keepCompiledCode } from './engine.ts';

keepCompiledCode();
await import('./run.ts');
