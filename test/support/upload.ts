/** GraphQL multipart requests (jaydenseric/graphql-multipart-request-spec) as browsers make them. */
import { basic, type GraphQLAnswer } from './stack.ts';

/** @param at Path of the file's variable, such as `variables.input.attachment`. Its value in `variables` has to be null. */
export function uploadForm(query: string, variables: object, file: File, at = 'variables.input.attachment'): FormData {
  const form = new FormData();
  form.append('operations', JSON.stringify({ query, variables }));
  form.append('map', JSON.stringify({ 0: [at] }));
  form.append('0', file);
  return form;
}

export async function postForm(url: string, form: FormData, as: string | null = 'ada'): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: as === null ? {} : { authorization: basic(as) },
    body: form,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, ...JSON.parse(text) };
}
