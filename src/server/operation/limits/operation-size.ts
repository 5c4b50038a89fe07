/** Estimates the memory of a prepared operation, so that their cache is bounded by its actual size. */
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsIn } from '../document/document-fragments.ts';

// In bytes: the largest value measured over operations of every shape, rounded up.
const fixedBytes = 4_096;
const bytesPerCharacter = 2;
/** A token, its AST node and their locations. */
const bytesPerToken = 400;
/** Compiled code that resolves one field of one type. */
const bytesPerField = 800;

/** What is known of a prepared operation. */
interface SizedOperation {
  /** Under which it is in the cache: its text, with its name if one was sent. */
  readonly key: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Number of compiled forms that it may have. */
  readonly forms: number;
}

/** Upper estimate, in bytes. */
export function estimateBytes(schema: GraphQLSchema, { key, document, operation, forms }: SizedOperation): number {
  const bytesPerForm =
    bytesPerToken * (document.tokenCount ?? key.length) + bytesPerField * compiledFields(schema, document, operation);
  return fixedBytes + bytesPerCharacter * key.length + bytesPerForm * forms;
}

/** Number of compiled fields: one per spread of their fragment and per possible type. */
function compiledFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = fragmentsIn(document);

  function count(set: SelectionSetNode, type: GraphQLCompositeType): number {
    const types = isAbstractType(type) ? schema.getPossibleTypes(type).length : 1;
    let fields = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        fields += types;
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
        const inner = field === undefined ? undefined : getNamedType(field.type);
        if (selection.selectionSet !== undefined && isCompositeType(inner)) {
          fields += types * count(selection.selectionSet, inner);
        }
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      const named = fragment?.typeCondition?.name.value;
      const inner = named === undefined ? type : schema.getType(named);
      if (fragment !== undefined && isCompositeType(inner)) fields += count(fragment.selectionSet, inner);
    }
    return fields;
  }

  const root = schema.getRootType(operation.operation);
  return root == null ? 0 : count(operation.selectionSet, root);
}
