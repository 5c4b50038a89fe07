/** The tools of the Model Context Protocol: registered operations, with a description and a schema of their variables. */
import { type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { ConfigError } from '../../config/config.ts';
import { isInvalid, type Prepare, type Prepared } from '../operation/prepare.ts';
import type { OperationRequest } from '../operation/response.ts';
import { type PersistedOperationsMode, readRegisteredOperations, registeredProblem } from '../persisted-operations.ts';
import { type JsonSchema, variablesSchema } from './json-schema.ts';

/** A tool as `tools/list` shows it (MCP, "Tools"). */
export interface ToolDescription {
  /** Name of the operation. */
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    /** Whether it may remove or replace something; false for operations that only add. */
    readonly destructiveHint: boolean;
    /** True: the people of other accounts see what an operation changes. */
    readonly openWorldHint: boolean;
  };
}

export interface Tool {
  readonly description: ToolDescription;
  readonly request: OperationRequest;
}

export interface ToolsOptions {
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
  readonly mode: PersistedOperationsMode;
  /** Path of the manifest; undefined selects the manifest in the package. */
  readonly file: string | undefined;
  /** Names of the operations that are tools although they change something. */
  readonly more: readonly string[];
}

/** Query fields with a side effect: messages that they read count as delivered, which senders see. */
const fieldsWithEffect: ReadonlySet<string> = new Set(['Conversation.messages', 'Conversation.timeline']);
/** Mutations that neither remove nor replace anything. Any other one, including one added later, counts as destructive. */
const addingMutations: ReadonlySet<string> = new Set([
  'acknowledgeEvents',
  'addGroupMembers',
  'addRosterEntry',
  'createGroup',
  'findOrCreateUser',
  'forwardMessage',
  'markConversation',
  'mute',
  'sendMessage',
  'setPresence',
  'startTyping',
  'stopTyping',
  'updateMessageStatus',
]);
/** Mutations that return a credential, which an assistant must not read. */
const credentialMutations: ReadonlySet<string> = new Set(['signIn', 'createAttachmentTokens']);
/** Maximum characters of the description of a tool. */
const maxDescription = 1_024;

interface Fields {
  /** Root fields of the operation. */
  readonly root: readonly { readonly name: string; readonly description: string }[];
  readonly hasEffect: boolean;
}

function fieldsOf(schema: GraphQLSchema, { document, operation }: Prepared): Fields {
  const typeInfo = new TypeInfo(schema);
  const root: Fields['root'][number][] = [];
  let hasEffect = operation.operation !== 'query';
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field({ name: { value: name } }) {
        const parent = typeInfo.getParentType();
        if (fieldsWithEffect.has(`${parent?.name}.${name}`)) hasEffect = true;
        if (parent === schema.getRootType(operation.operation) && !name.startsWith('__'))
          root.push({ name, description: typeInfo.getFieldDef()?.description ?? '' });
      },
    }),
  );
  return { root, hasEffect };
}

/** The tool of an operation, or why it cannot be one. */
function toolOf(request: OperationRequest, prepared: Prepared, schema: GraphQLSchema): Tool | string {
  const { operation } = prepared;
  const name = operation.name?.value;
  if (name === undefined) return 'has no name';
  if (operation.operation === 'subscription') return 'is a subscription';
  const { root, hasEffect } = fieldsOf(schema, prepared);
  if (root.some((field) => credentialMutations.has(field.name))) return 'returns a credential';
  const inputSchema = variablesSchema(schema, operation);
  if (inputSchema === undefined) return 'needs a file';
  const description = operation.description?.value ?? root.map((field) => field.description).join(' ');
  return {
    request,
    description: {
      name,
      description: description.slice(0, maxDescription),
      inputSchema,
      annotations: {
        readOnlyHint: !hasEffect,
        destructiveHint: operation.operation === 'mutation' && !root.every((field) => addingMutations.has(field.name)),
        openWorldHint: true,
      },
    },
  };
}

/**
 * Tools by name: every registered query that changes nothing, and the operations in `more`.
 * @throws ConfigError for an operation that cannot run, and for a name in `more` that cannot be a tool.
 */
export function createTools({ schema, prepare, mode, file, more }: ToolsOptions): ReadonlyMap<string, Tool> {
  const tools = new Map<string, Tool>();
  const problems: string[] = [];
  const missing = new Set(more);
  for (const [id, text] of readRegisteredOperations(file)) {
    const prepared = prepare(text, undefined);
    if (isInvalid(prepared)) {
      problems.push(registeredProblem(id, prepared));
      continue;
    }
    const isNamed = missing.delete(prepared.operation.name?.value ?? '');
    const tool = toolOf(mode === 'off' ? { query: text } : { documentId: id }, prepared, schema);
    if (typeof tool !== 'string') {
      if (isNamed || tool.description.annotations.readOnlyHint) tools.set(tool.description.name, tool);
    } else if (isNamed)
      problems.push(`MCP_OPERATIONS: ${prepared.operation.name?.value} cannot be a tool: it ${tool}.`);
  }
  problems.push(
    ...[...missing].map((name) => `MCP_OPERATIONS: expected the name of a registered operation; ${name} is none.`),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return tools;
}
