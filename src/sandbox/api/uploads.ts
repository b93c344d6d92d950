import type { ApiResponse } from '../response.js';
import { failEvent } from '../world/events.js';
import { makeAvailable } from '../world/images.js';
import type { UploadBody } from '../server/body.js';
import type { SandboxRequest } from '../requestLog.js';
import type { Upload, WorkFault, World } from '../world/world.js';

const PROCESSING_MS = 20_000;
const MB = 1024 * 1024;
const MAX_BYTES = 5 * 1024 * MB;
const MAX_UNPACKED_MB = 6 * 1024;

/**
 * The object storage behind `upload_to`: `PUT /uploads/<number>?Signature=…&Expires=…`, application/octet-stream only.
 * Requests are authorized by the signature, not by a token. Errors are XML, as from S3.
 */
export function receiveUpload(
  world: World,
  request: SandboxRequest,
  body: UploadBody,
  fault?: WorkFault,
): ApiResponse {
  if (request.method !== 'PUT') return xmlError(405, 'MethodNotAllowed');
  const number = Number(/^\/uploads\/(\d+)$/.exec(request.path)?.[1]);
  const upload = world.uploads.get(number);
  const query = new URLSearchParams(request.query);
  if (!upload || !isSigned(upload, query, request)) return xmlError(403, 'SignatureDoesNotMatch');
  if (world.now() >= upload.expiresMs) return xmlError(403, 'AccessDenied', 'Request has expired');
  if (body.bytes > MAX_BYTES) return xmlError(400, 'EntityTooLarge');
  if (!upload.received) process(world, upload, body, fault ?? upload.fault);
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

function process(world: World, upload: Upload, body: UploadBody, fault: WorkFault | undefined): void {
  const { account, event, imageId, region } = upload;
  upload.received = true;
  event.startsMs = world.now();
  if (fault?.outcome === 'stuck') return;
  const failure = failureOf(body, fault);
  event.endsMs = world.afterWork(PROCESSING_MS, (atMs) => {
    const image = account.images.get(imageId);
    if (image?.status !== 'pending_upload') return;
    // The image of a failed upload stays pending until the upload window ends.
    if (failure !== undefined) failEvent(event, atMs, failure);
    else makeAvailable(world, account, image, atMs, Math.ceil(body.unpackedBytes / MB), region);
  });
}

/** The message of the failed event; undefined if the upload succeeds. */
export function failureOf({ isGzip, unpackedBytes }: UploadBody, fault?: WorkFault): string | undefined {
  if (fault) return fault.message ?? 'Failed to decompress image';
  if (!isGzip) return 'Failed to decompress image';
  return unpackedBytes > MAX_UNPACKED_MB * MB ? 'Image too large when uncompressed' : undefined;
}

function xmlError(status: number, code: string, message = ''): ApiResponse {
  return {
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    headers: { 'Content-Type': 'application/xml' },
  };
}
