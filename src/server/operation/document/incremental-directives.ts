/** A clear error for `@defer` and `@stream`, which the gateway does not have. Why is in schema/README.md, "Decisions". */
import { GraphQLError, KnownDirectivesRule, type ValidationContext, type ValidationRule } from 'graphql';

const incremental: ReadonlySet<string> = new Set(['defer', 'stream']);

/** Wraps the specified rule about unknown directives, which would only say that these are unknown. */
export function incrementalDirectives(rule: ValidationRule): ValidationRule {
  if (rule !== KnownDirectivesRule) return rule;
  return (context: ValidationContext) => {
    const explained: ValidationContext = Object.create(context, {
      reportError: {
        value: (error: GraphQLError) => {
          const [, name = ''] = /^Unknown directive "@(\w+)"\.$/.exec(error.message) ?? [];
          if (!incremental.has(name)) return context.reportError(error);
          const message = `"@${name}" is not supported: results are sent whole. Select what may come later in an operation of its own.`;
          context.reportError(new GraphQLError(message, { nodes: error.nodes ?? null }));
        },
      },
    });
    return rule(explained);
  };
}
