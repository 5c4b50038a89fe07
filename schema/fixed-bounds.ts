/** The bounds that no setting changes: constants of the gateway's sources with their descriptions. */
import { readdirSync, readFileSync } from 'node:fs';

export interface FixedBound {
  /** Path of the source, from the root of the repository. */
  readonly file: string;
  readonly name: string;
  /** As it is written in the source. */
  readonly value: string;
  /** Description in the source. */
  readonly meaning: string;
}

const root = new URL('../', import.meta.url);
/** No part of the gateway, or no bound of it; the limits of the schema are in its descriptions. */
const others = /^src\/(?:store|sandbox|deploy|generated|config|document|schema)/;
const constant = /^(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(?:export )?const (\w+) = (\d[^;\n]*);/gm;
/** Names of limits, and of the times after which something is given up or forgotten. Pages are those of lists of the API. */
const boundName =
  /^(?:max[A-Z]\w*(?<!Pages)|highWaterMark|\w*(?:[tT]imeout|[lL]ife|[gG]race|[wW]indow|[pP]eriod|[wW]ait)Ms)$/;

/** In the order of their files. @throws Error for one without a description of its own. */
export function fixedBounds(): FixedBound[] {
  return readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file}`)
    .filter((file) => file.endsWith('.ts') && !others.test(file))
    .sort()
    .flatMap((file) => boundsIn(file, readFileSync(new URL(file, root), 'utf8')));
}

function boundsIn(file: string, source: string): FixedBound[] {
  const bounds = [...source.matchAll(constant)].filter(([, , name = '']) => boundName.test(name));
  return bounds.map(([, comment, name = '', value = '']) => {
    if (comment === undefined) throw new Error(`${file}: ${name} is a bound without a description.`);
    return { file, name, value, meaning: comment.replaceAll(/\n \*/g, '').replaceAll(/\s+/g, ' ').trim() };
  });
}
