import type { SandboxRequest } from '../requestLog.js';

/** The fields of a body: `application/x-www-form-urlencoded` or `multipart/form-data` without files. */
export function readForm({ headers, body }: SandboxRequest): URLSearchParams {
  const contentType = headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)"?/i.exec(contentType)?.[1];
  return boundary === undefined ? new URLSearchParams(body) : readMultipart(body, boundary);
}

function readMultipart(body: string, boundary: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const [head = '', value = ''] = part.split(/\r\n\r\n(.*)\r\n$/s, 2);
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined) fields.append(name, value);
  }
  return fields;
}
