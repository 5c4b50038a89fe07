import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, longest first. The other files follow; a long one among the last would leave one worker idle. */
const longest = [
  // Not long, but first in its worker: its clock moves by minutes, and would run timers that an earlier file left behind, for 50 s.
  'events/manual-acknowledgement-model',
  'performance/v8-flags',
  'browser/app-long-conversation',
  'browser/app',
  'package/contents',
  'security/memory-budget',
  'browser/app-design',
  'browser/app-history-memory',
  'security/isolation-stress',
  'security/attacks',
  'events/load',
  'server/shutdown',
  'clients/readme-front-ends',
  'server/slow-clients',
  'operation/compiled-against-reference',
  'security/fuzz',
  'browser/store-frameworks',
  'browser/graphiql',
  'package/documents-package',
  'security/hostile-documents',
  'server/subscription-delivery',
  'schema/conversation-model',
  'security/privacy',
  'browser/app-flows',
  'schema/mutation-outcomes',
  'server/oidc',
  'cluster/replica-chaos',
  'package/process',
  'package/image',
  'package/npm-start',
  'performance/operation-cache',
  'operation/cost',
  'schema/subscriptions',
  'cluster/redis-failover',
  'server/subgraph',
  'security/sessions',
  'upstream/proxies',
  'operation/deadline',
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
