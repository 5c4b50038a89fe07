import { Child, cores, script, subjectNode } from '../processes.ts';
import { HttpSubject } from './http-subject.ts';

/** A peer that is one of the scripts in `peers/`. */
export async function startNodePeer(
  file: string,
  label: string,
  upstreamUrl: string,
  node = subjectNode,
): Promise<HttpSubject> {
  const child = new Child({
    core: cores.subject,
    ...script(`./peers/${file}.ts`, node),
    env: { UPSTREAM_URL: upstreamUrl },
    channel: true,
  });
  return new HttpSubject({ name: file, label, child, url: String(await child.ready()) });
}
