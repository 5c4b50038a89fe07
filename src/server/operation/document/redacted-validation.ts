/** Removes literals of the query, which may be patient data, from validation errors. The errors name the expected type instead. */
import {
  GraphQLError,
  getNamedType,
  type ValidationContext,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
} from 'graphql';
import { valuesOf } from './variable-errors.ts';

// Messages of the rule that contain only names from the schema or from the structure of the query.
const safeMessage =
  /^Field "[\w.]+"( argument "\w+")? (of required type "[\w[\]!]+" was not provided|is not defined by type "\w+"(\. Did you mean [\w", ]+\?$)?)/;

/** Wraps the only specified rule whose messages contain values; the others name fields, types and variables only. */
export function redactLiterals(rule: ValidationRule): ValidationRule {
  if (rule !== ValuesOfCorrectTypeRule) return rule;
  return (context: ValidationContext) => {
    const redacted: ValidationContext = Object.create(context, {
      reportError: {
        value: (error: GraphQLError) => {
          const safePart = safeMessage.exec(error.message)?.[0];
          const type = context.getInputType();
          const expected = type == null ? 'another type' : `type "${getNamedType(type).name}"`;
          const values = type == null || context.hideSuggestions ? '' : valuesOf(type);
          const text = safePart ?? `Expected a value of ${expected}${values}`;
          context.reportError(new GraphQLError(text.endsWith('?') ? text : `${text}.`, { nodes: error.nodes ?? null }));
        },
      },
    });
    return rule(redacted);
  };
}
