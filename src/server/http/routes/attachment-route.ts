/**
 * `GET /attachments/{message_token}/1`: streams the file of a message. The request carries the caller's credential, or a short-lived
 * download token in the query for links and images that a browser fetches on its own.
 */
import { type GatewayServices, requireCredential } from '../../../context.ts';
import { openAttachment } from '../../../upstream/endpoints/attachment.ts';
import { messageLookup } from '../../../upstream/endpoints/message.ts';
import type { CredentialStanding } from '../../../upstream/transport/breaker/credential-standing.ts';
import type { Caller } from '../../../upstream/upstream.ts';
import { hasAuthorization } from '../../authentication/identity.ts';
import { createFileRoute, type FileRoute, fileHeaders } from './file-route.ts';

const routePattern = /^\/attachments\/([0-9a-f-]{36})\/1$/;

/** The message token in the path of an attachment; undefined for every other path. */
export function attachmentToken(pathname: string): string | undefined {
  return routePattern.exec(pathname)?.[1];
}

/** Types that a browser can display without executing content. Every other type is sent as a download. */
const inlineTypes = /^(image\/(png|jpeg|gif|webp|bmp)|application\/pdf|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

/** `Content-Disposition` (RFC 6266), with RFC 8187 for names outside ASCII. Slashes and control characters are replaced; quotes are replaced or encoded. */
function contentDisposition(contentType: string, fileName: string | undefined): string {
  const disposition = inlineTypes.test(contentType.split(';', 1)[0]?.trim() ?? '') ? 'inline' : 'attachment';
  if (fileName === undefined) return disposition;
  const name = fileName.replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').slice(-150);
  const ascii = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/**
 * The caller of a download by token, which replaces the credential: the upstream's answer is about the token. It would otherwise count as
 * accepting a credential that the client has invented, or as rejecting that of a user whose link has expired. An accepted credential
 * still has its own permits.
 */
function withTokenOnly(caller: Caller, standing: CredentialStanding): Caller {
  return { ...caller, credential: undefined, countedFor: standing.acceptedPrincipal(caller.credential) };
}

/** Downloads of attachments, for a credential or for a download token in the address. */
export function createAttachmentRoute(services: GatewayServices): FileRoute<string> {
  return createFileRoute('attachment', services.log, async (token, request, caller) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
    const downloadToken = searchParams.get('token') ?? undefined;
    // With a download token, only the client's own credential must be valid: a browser adds the cookie of a session by itself.
    const isMalformed = caller.credentialError !== undefined && hasAuthorization(request.headers);
    if (downloadToken === undefined || isMalformed) requireCredential(caller);
    const { upstream } = services;
    const { range } = request.headers;
    const sender = downloadToken === undefined ? caller : withTokenOnly(caller, upstream.standing);
    // The file name is only in the message, which a download token cannot read. Both are requested concurrently.
    const [file, message] = await Promise.all([
      openAttachment(upstream.for(sender), token, { range, token: downloadToken }),
      caller.credential &&
        upstream
          .for(caller)
          .find(messageLookup(token))
          .catch(() => undefined),
    ]);
    const contentType = file.contentType ?? 'application/octet-stream';
    const headers = {
      'content-type': contentType,
      'content-disposition': contentDisposition(contentType, message?.attachments?.[0]?.fileName),
      ...fileHeaders,
      ...(file.contentLength === undefined ? {} : { 'content-length': String(file.contentLength) }),
      ...(file.contentRange === undefined ? {} : { 'content-range': file.contentRange }),
      ...(file.acceptRanges === undefined ? {} : { 'accept-ranges': file.acceptRanges }),
    };
    return { status: file.status, headers, body: file.body };
  });
}
