import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, longest first. The other files follow; a long one among the last would leave one worker idle. */
const longest = [
  'security/fuzz',
  'events/load',
  'operation/compiled-against-reference',
  'performance/v8-flags',
  'security/isolation-stress',
  'security/attacks',
  'server/shutdown',
  'browser/app',
  'browser/graphiql',
  'package/contents',
  'security/privacy',
  'events/delivery',
  'upstream/proxies',
  'performance/operation-cache',
  'server/subscription-delivery',
];

/** Starts the longest files first, so that all workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? longest.length : index;
    };
    return others.toSorted((one, other) => rank(one) - rank(other));
  }
}
