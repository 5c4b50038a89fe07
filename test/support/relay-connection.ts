/** Walks a Relay connection to its end, page by page. */

export interface ConnectionPage {
  readonly totalCount: number | null;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly edges: readonly { readonly cursor: string; readonly node: unknown }[];
}

/** Fields of a page, besides its edges, that a query must select to be walked. */
export const pageFields = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

const mostPages = 100;

/** @param read Reads the page these arguments name, such as `first: 2, after: "x"`. @returns The nodes of all pages. */
export async function walkForward(read: (page: string) => Promise<ConnectionPage>, size: number): Promise<unknown[]> {
  const nodes: unknown[] = [];
  let after = '';
  for (let count = 0; count < mostPages; count++) {
    const { edges, pageInfo } = await read(`first: ${size}${after}`);
    nodes.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return nodes;
    after = `, after: ${JSON.stringify(pageInfo.endCursor)}`;
  }
  throw new Error('the connection does not end');
}

/** The same from the end. */
export async function walkBackward(read: (page: string) => Promise<ConnectionPage>, size: number): Promise<unknown[]> {
  const nodes: unknown[] = [];
  let before = '';
  for (let count = 0; count < mostPages; count++) {
    const { edges, pageInfo } = await read(`last: ${size}${before}`);
    nodes.unshift(...edges.map(({ node }) => node));
    if (!pageInfo.hasPreviousPage) return nodes;
    before = `, before: ${JSON.stringify(pageInfo.startCursor)}`;
  }
  throw new Error('the connection does not end');
}
