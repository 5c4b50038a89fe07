/** Where the gateway's time goes: a CPU profile under load, and the functions that are hottest in it. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface HotFunction {
  readonly name: string;
  readonly place: string;
  /** Of the time the process was busy. */
  readonly share: number;
}

/** @returns The functions with the most time of their own. */
export async function hottest(file: string, count: number): Promise<HotFunction[]> {
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as Profile; // V8's format
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const micros = new Map<string, number>();
  let busy = 0;
  for (const [index, sample] of samples.entries()) {
    const node = byId.get(sample);
    const delta = timeDeltas[index] ?? 0;
    if (node === undefined || node.callFrame.functionName === '(idle)') continue;
    busy += delta;
    const { functionName, url, lineNumber } = node.callFrame;
    const place = url === '' ? '' : `${shortened(url)}:${lineNumber + 1}`;
    const key = `${functionName === '' ? '(anonymous)' : functionName}\n${place}`;
    micros.set(key, (micros.get(key) ?? 0) + delta);
  }
  return [...micros]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([key, time]) => {
      const [name = '', place = ''] = key.split('\n');
      return { name, place, share: time / busy };
    });
}

function shortened(url: string): string {
  const [, inPackage] = url.split(/node_modules\/(?!.*node_modules\/)/);
  if (inPackage !== undefined) return inPackage;
  const [, inDist] = url.split('/dist/');
  return inDist === undefined ? basename(url) : `dist/${inDist}`;
}
