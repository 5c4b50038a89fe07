/** Messages of syntax errors: the position, and what graphql-js expected and found there, without text of the document. */
import { GraphQLError, TokenKind } from 'graphql';

const kinds: string = Object.values(TokenKind)
  .map((kind) => kind.replaceAll(/[^\w<>]/g, String.raw`\$&`))
  .toSorted((one, other) => other.length - one.length)
  .join('|');

// Messages of the parser about a token. Its text, which may be a value, follows its kind and is left out; an expected keyword is part of
// the grammar.
const aboutToken = new RegExp(
  `^Syntax Error: (?:(Expected) ("[a-z]+"|"?(?:${kinds})"?), found|(Unexpected)) ("?(?:${kinds})"?)(?: "|\\.$)`,
);

// The other messages, up to the text that they quote.
const aboutCharacters =
  /^Syntax Error: (Unterminated string|Invalid number|Invalid Unicode escape sequence|Invalid character escape sequence|Unexpected single quote character|Invalid character within String|Invalid character|Unexpected character|Unexpected description|Unexpected variable)(?=[ .:,])/;

/** A syntax error without the text of the document around it, which may contain a value. */
export function redactedSyntaxError(error: GraphQLError): GraphQLError {
  const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
  const reason = reasonOf(error.message);
  const message = `Syntax error at line ${line}, column ${column}${reason === undefined ? '' : `: ${reason}`}.`;
  return new GraphQLError(message, { source: error.source, positions: error.positions });
}

function reasonOf(message: string): string | undefined {
  const [, , expected, , found] = aboutToken.exec(message) ?? [];
  if (found !== undefined)
    return expected === undefined ? `unexpected ${named(found)}` : `expected ${named(expected)}, found ${named(found)}`;
  const [, problem] = aboutCharacters.exec(message) ?? [];
  if (problem === undefined) return undefined;
  if (problem === 'Unexpected single quote character') return 'strings are in double quotes';
  return problem.charAt(0).toLowerCase() + problem.slice(1);
}

function named(token: string): string {
  return token === TokenKind.EOF ? 'end of the document' : token;
}
