/** Rules for the schema: descriptions, names, deprecations, and no breaking change without notice. */
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

type Part = GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField | GraphQLEnumValue;

interface NamedPart {
  /** Such as `Query.search(first:)`. */
  readonly path: string;
  readonly kind: 'field' | 'argument' | 'inputField' | 'enumValue';
  readonly part: Part;
}

function partsOf(schema: GraphQLSchema): NamedPart[] {
  return Object.values(schema.getTypeMap()).flatMap((type): NamedPart[] => {
    if (isIntrospectionType(type)) return [];
    if (isEnumType(type)) {
      return type.getValues().map((part) => ({ path: `${type.name}.${part.name}`, kind: 'enumValue', part }));
    }
    if (isInputObjectType(type)) {
      return Object.values(type.getFields()).map((part) => ({
        path: `${type.name}.${part.name}`,
        kind: 'inputField',
        part,
      }));
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field): NamedPart[] => {
      const path = `${type.name}.${field.name}`;
      const args = field.args.map((part): NamedPart => ({ path: `${path}(${part.name}:)`, kind: 'argument', part }));
      return [{ path, kind: 'field', part: field }, ...args];
    });
  });
}

const camelCase = /^[a-z][A-Za-z0-9]*$/;
const pascalCase = /^[A-Z][A-Za-z0-9]*$/;
const upperCase = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
const removal = /Removal on (\d{4}-\d\d-\d\d)\b/;
/** Names of DateTime fields. */
const momentName = /(^at|^since|At|Until|Since)$/;

/** Violations of the rules, one readable line each; empty when there are none. */
export function schemaProblems(schema: GraphQLSchema): string[] {
  return [...typeProblems(schema), ...partsOf(schema).flatMap(partProblems), ...mutationProblems(schema)];
}

/** A description that starts like this is a question ("How far it is.") and not a definition ("Stage of the call."). */
const question = /^(?:until )?(?:how|what|when|where|which|who|whom|whose|why)\b/i;
const minWords = 4;

function descriptionProblems(path: string, description: string | null | undefined): string[] {
  const text = description?.trim() ?? '';
  if (text === '') return [`${path}: has no description`];
  return [
    ...(text.split(/\s+/).length < minWords ? [`${path}: its description has fewer than ${minWords} words`] : []),
    ...(question.test(text) ? [`${path}: its description starts with a question word`] : []),
  ];
}

function typeProblems(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) return [];
    return [
      ...(isScalarType(type) && type.specifiedByURL == null ? [`${type.name}: has no @specifiedBy`] : []),
      ...descriptionProblems(type.name, type.description),
      ...(pascalCase.test(type.name) ? [] : [`${type.name}: type names are PascalCase`]),
      ...(isInputObjectType(type) !== type.name.endsWith('Input')
        ? [`${type.name}: input types, and they alone, end in Input`]
        : []),
    ];
  });
}

function partProblems({ path, kind, part }: NamedPart): string[] {
  const { name, description, deprecationReason } = part;
  const problems = descriptionProblems(path, description);
  if (kind === 'enumValue') {
    if (!upperCase.test(name)) problems.push(`${path}: enum values are UPPER_CASE`);
  } else {
    if (!camelCase.test(name)) problems.push(`${path}: names are camelCase`);
    if ('type' in part && getNamedType(part.type).name === 'DateTime' && !momentName.test(name))
      problems.push(`${path}: names of moments end in At, Until or Since`);
  }
  if (deprecationReason != null && !removal.test(deprecationReason)) {
    problems.push(`${path}: is deprecated without "Removal on <date>" in its reason`);
  }
  return problems;
}

function mutationProblems(schema: GraphQLSchema): string[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args, type }) => {
    const payload = `${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`;
    return [
      ...(String(type) === payload ? [] : [`Mutation.${name}: answers a nullable ${payload}`]),
      ...(args.every((argument) => argument.name === 'input') ? [] : [`Mutation.${name}: takes one argument, input`]),
    ];
  });
}

/**
 * Changes that break clients of the released schema, one readable line each; empty when there are none. A deprecated
 * element may be removed from the date in its reason.
 */
export async function breakingChanges(
  released: GraphQLSchema,
  current: GraphQLSchema,
  today = new Date(),
): Promise<string[]> {
  const due = new Set(
    partsOf(released)
      .filter(({ part }) => isDue(part.deprecationReason, today))
      .map(({ path }) => path.replace(/\((.+):\)$/, '.$1')),
  );
  const changes = await diff(released, current);
  return changes
    .filter(({ criticality, path }) => criticality.level === CriticalityLevel.Breaking && !due.has(path ?? ''))
    .map(({ message, path }) => `${path ?? 'schema'}: ${message}`);
}

function isDue(reason: string | null | undefined, today: Date): boolean {
  const date = removal.exec(reason ?? '')?.[1];
  return date !== undefined && Date.parse(date) <= today.getTime();
}
