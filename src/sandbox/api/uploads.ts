import type { ApiResponse } from '../response.js';
import { toWireDate } from '../world/dates.js';
import type { SandboxRequest } from '../requestLog.js';
import type { Upload, World } from '../world/world.js';

const PROCESSING_MS = 2_000;
const MB = 1024 * 1024;

/**
 * The object storage behind `upload_to`: `PUT /uploads/<number>?Signature=…&Expires=…`, application/octet-stream only.
 * Requests are authorized by the signature, not by a token. Errors are XML, as from S3.
 */
export function receiveUpload(world: World, request: SandboxRequest, bytes: number): ApiResponse {
  if (request.method !== 'PUT') return xmlError(405, 'MethodNotAllowed');
  const number = Number(/^\/uploads\/(\d+)$/.exec(request.path)?.[1]);
  const upload = world.uploads.get(number);
  const query = new URLSearchParams(request.query);
  if (!upload || !isSigned(upload, query, request)) return xmlError(403, 'SignatureDoesNotMatch');
  if (world.now() >= upload.expiresMs) return xmlError(403, 'AccessDenied', 'Request has expired');
  if (!upload.received) process(world, upload, bytes);
  return { status: 200, body: '', headers: { 'Content-Type': 'application/octet-stream' } };
}

/** The signature covers the content type. */
function isSigned(upload: Upload, query: URLSearchParams, request: SandboxRequest): boolean {
  return (
    query.get('Signature') === upload.signature &&
    query.get('Expires') === String(Math.floor(upload.expiresMs / 1000)) &&
    request.headers['content-type'] === 'application/octet-stream'
  );
}

function process(world: World, upload: Upload, bytes: number): void {
  const { account, event, imageId } = upload;
  const nowMs = world.now();
  upload.received = true;
  event.startsMs = nowMs;
  event.endsMs = nowMs + PROCESSING_MS;
  world.schedule.at(event.endsMs, (atMs) => {
    const image = account.images.get(imageId);
    if (image?.status !== 'pending_upload') return;
    image.status = 'available';
    image.size = Math.max(1, Math.ceil(bytes / MB));
    image.updated = toWireDate(atMs);
    world.invalidateLists(account);
  });
}

function xmlError(status: number, code: string, message = ''): ApiResponse {
  return {
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    headers: { 'Content-Type': 'application/xml' },
  };
}
