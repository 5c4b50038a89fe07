import { Child, cores, script, subjectNode } from '../processes.ts';
import { HttpSubject, type HttpSubjectOptions } from './http-subject.ts';

export interface NodePeer extends Pick<HttpSubjectOptions, 'label' | 'bodyOf' | 'normalise'> {
  /** Name of the file, and of the subject. */
  readonly file: string;
  readonly upstreamUrl: string;
  /** The Node that runs it; the one of all subjects by default. */
  readonly node?: string | undefined;
}

/** A peer that is one of the scripts in `peers/`. */
export async function startNodePeer({
  file,
  upstreamUrl,
  node = subjectNode(),
  ...options
}: NodePeer): Promise<HttpSubject> {
  const child = new Child({
    core: cores.subject,
    ...script(`./peers/${file}.ts`, node),
    env: { UPSTREAM_URL: upstreamUrl },
    channel: true,
  });
  return new HttpSubject({ name: file, child, url: String(await child.ready()), ...options });
}
