/** A request with a file and its upload progress, which `fetch` does not report. */
export function upload(
  url: string,
  form: FormData,
  { headers, signal }: RequestInit,
  onProgress: (key: string, part: number) => void,
): Promise<Response> {
  const { variables } = JSON.parse(String(form.get('operations')));
  const request = new XMLHttpRequest();
  request.open('POST', url);
  for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
  request.upload.onprogress = ({ loaded, total }) => onProgress(variables.input.idempotencyKey, loaded / total);
  signal?.addEventListener('abort', () => request.abort());
  return new Promise((resolve, reject) => {
    request.onload = () => {
      const type = request.getResponseHeader('content-type') ?? '';
      resolve(new Response(request.response, { status: request.status, headers: { 'content-type': type } }));
    };
    request.onerror = () => reject(new TypeError('No answer.'));
    request.onabort = request.onerror;
    request.send(form);
  });
}
