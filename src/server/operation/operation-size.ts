/** About how much memory a prepared operation takes, so that the cache of them can be bounded by what it really holds. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
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

// Bytes, measured on operations of every shape and rounded up; the largest share of each.
const fixedBytes = 4_096;
const bytesPerCharacter = 2;
/** A token, its node and their places. */
const bytesPerToken = 400;
/** Code that resolves one field of one type. */
const bytesPerField = 800;

/** Bytes, rather too many than too few. @param source The document's text. */
export function estimateBytes(
  schema: GraphQLSchema,
  source: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): number {
  const fields = compiledFields(schema, document, operation);
  return (
    fixedBytes +
    bytesPerCharacter * source.length +
    bytesPerToken * (document.tokenCount ?? source.length) +
    bytesPerField * fields
  );
}

/** Fields as they are compiled: once wherever a fragment is spread, and once for every type that can stand there. */
function compiledFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }

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
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const named = fragment?.typeCondition?.name.value;
      const inner = named === undefined ? type : schema.getType(named);
      if (fragment !== undefined && isCompositeType(inner)) fields += count(fragment.selectionSet, inner);
    }
    return fields;
  }

  const root = schema.getRootType(operation.operation);
  return root == null ? 0 : count(operation.selectionSet, root);
}
