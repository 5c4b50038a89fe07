import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, longest first. The other files follow; a long one among the last would leave one worker idle. */
const longest = [
  // Not long, but first in its worker: its clock moves by minutes, and would run timers that an earlier file left behind, for 50 s.
  'events/manual-acknowledgement-model',
  'performance/v8-flags',
  'security/attacks',
  'browser/app-long-conversation',
  'package/contents',
  'browser/app',
  'cluster/event-stream-redis',
  'security/memory-budget',
  'browser/app-history-memory',
  'security/fuzz',
  'operation/compiled-against-reference',
  'security/isolation-stress',
  'browser/app-design',
  'clients/readme-front-ends',
  'server/shutdown',
  'events/load',
  'browser/graphiql',
  'server/slow-clients',
  'security/hostile-documents',
  'package/process',
  'browser/app-flows',
  'browser/app-keyboard',
  'operation/cost',
  'security/privacy',
  'package/documents-package',
  'cluster/replica-chaos',
  'cluster/event-stream-away',
  'browser/store-frameworks',
  'server/subscription-delivery',
  'schema/conversation-model',
  'package/sample-app',
  'schema/mutation-outcomes',
  'store/store',
  'clients/apollo-http',
  'security/work-budget',
  'server/oidc',
  'package/image',
  'package/npm-start',
  'performance/operation-cache',
  'schema/conversation-history',
  'sandbox/v5/random-steps',
  'security/fairness',
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
