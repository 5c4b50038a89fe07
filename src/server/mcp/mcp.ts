/** The Model Context Protocol at `/mcp`: registered operations as tools of assistants. Loaded only when it is on. */
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../../config/config.ts';
import type { Prepare } from '../operation/prepare.ts';
import { createMcpRoute, type McpRoute, type McpRouteOptions } from './route.ts';
import { createTools } from './tools.ts';

export interface McpSetup extends Omit<McpRouteOptions, 'tools' | 'maxBodyBytes'> {
  readonly config: Pick<Config, 'maxBodyBytes' | 'mcpOperations' | 'persistedOperations' | 'persistedOperationsFile'>;
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
}

/** @throws ConfigError for operations that cannot be tools, and for a manifest that cannot be read. */
export function createMcp({ config, schema, prepare, ...options }: McpSetup): McpRoute {
  const { persistedOperations: mode, persistedOperationsFile: file, mcpOperations: more, maxBodyBytes } = config;
  return createMcpRoute({ ...options, maxBodyBytes, tools: createTools({ schema, prepare, mode, file, more }) });
}
