/** A second subgraph, as a hospital has one: wards, badges and flags beside the gateway's types. */
import { createServer } from 'node:http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { createYoga } from 'graphql-yoga';
import { listenOnLoopback } from './loopback.ts';

const typeDefs = /* GraphQL */ `
  type User @key(fields: "id") { id: ID! badge: String! ward: Ward }
  type Group @key(fields: "id") { id: ID! ward: Ward }
  type DistributionList @key(fields: "id") { id: ID! costCentre: String! }
  type Message @key(fields: "id") { id: ID! isFlagged: Boolean! }
  type Conversation @key(fields: "id") { id: ID! isPinned: Boolean! }
  type Ward { name: String! lead: User! team: Group! }
  type WardConnection { nodes: [Ward!]! pageInfo: PageInfo! }
  type PageInfo @shareable {
    endCursor: String
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
  }
  type Query { wards: WardConnection! ward(name: String!): Ward onCall: [User!]! }
`;

/** What a composer reads of it. */
export const hospitalSdl = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
${typeDefs}`;

interface Named {
  readonly __typename: string;
  readonly id: string;
}

export interface HospitalGraph extends AsyncDisposable {
  readonly url: string;
}

/** @param lead Global id of the user who leads the only ward. @param team That of its group. */
export async function startHospitalGraph(lead: string, team: string): Promise<HospitalGraph> {
  const cardiology = { name: 'Cardiology', lead: { id: lead }, team: { id: team } };
  const wardOf = ({ id }: Named) => (id === lead || id === team ? cardiology : null);
  const schema = makeExecutableSchema({
    typeDefs: /* GraphQL */ `
      directive @key(fields: String!) on OBJECT
      directive @shareable on OBJECT
      scalar _Any
      union _Entity = User | Group | DistributionList | Message | Conversation
      ${typeDefs}
      extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
    `,
    resolvers: {
      Query: {
        wards: () => ({ nodes: [cardiology], pageInfo: { hasNextPage: false, hasPreviousPage: false } }),
        ward: (_root: unknown, { name }: { readonly name: string }) => (name === cardiology.name ? cardiology : null),
        onCall: () => [{ id: lead }],
        _entities: (_root: unknown, { representations }: { readonly representations: readonly Named[] }) =>
          representations,
      },
      _Entity: { __resolveType: ({ __typename: name }: Named) => name },
      User: { badge: ({ id }: Named) => `badge of ${id}`, ward: wardOf },
      Group: { ward: wardOf },
      DistributionList: { costCentre: () => '4711' },
      Message: { isFlagged: () => true },
      Conversation: { isPinned: () => false },
    },
  });
  const server = createServer(createYoga({ schema, logging: false, graphqlEndpoint: '/graphql' }));
  const { url, ...listening } = await listenOnLoopback(server);
  return { ...listening, url: `${url}/graphql` };
}
