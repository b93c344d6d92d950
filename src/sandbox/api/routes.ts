import type { Access } from './access.js';
import type { ApiResponse } from '../response.js';
import type { ApiVersion } from '../world/apiVersion.js';
import type { Context } from './context.js';
import { listEvents, viewEvent } from './eventReads.js';
import { listImages, viewImage } from './imageReads.js';
import { replicateImage } from './imageRegions.js';
import { initiateUpload } from './imageUpload.js';
import { captureImage, deleteImage, updateImage } from './imageWrites.js';
import { listDisks, listLinodes, viewDisk, viewLinode } from './linodes.js';
import { viewGrants, viewProfile } from './profile.js';
import { listRegions, viewRegion } from './regions.js';
import { listUsers, viewUser } from './users.js';

export interface Route extends Access {
  method: string;
  pattern: RegExp;
  /** The rate limit its calls count against. */
  limit: 'images' | 'general';
  /** The X-Accepted-OAuth-Scopes header; `*` on open endpoints. */
  accepted: string;
  handle: (context: Context) => ApiResponse;
  /** The first version of the API that has the endpoint; absent: all. */
  since?: ApiVersion;
}

interface Extra {
  anonymous?: (params: string[]) => boolean;
  limit?: 'images';
  accepted?: string;
  since?: ApiVersion;
}

const anyone = () => true;
const onlyPublicImages = ([id = '']: string[]) => id.startsWith('linode/');

function route(line: string, scopes: string[], handle: Route['handle'], extra: Extra = {}): Route {
  const [method = '', path = ''] = line.split(' ');
  return {
    method,
    pattern: new RegExp(`^${path.replace('{image}', '(.+)').replace(/\{\w+\}/g, '([^/]+)')}/?$`),
    scopes,
    accepted: scopes.join(',') || '*',
    limit: 'general',
    handle,
    ...extra,
  };
}

/** The first match handles the request. */
const ROUTES: readonly Route[] = [
  route('GET /images', ['images:read_only'], listImages, {
    anonymous: anyone,
    limit: 'images',
    accepted: '*',
  }),
  route('GET /images/{image}', ['images:read_only'], viewImage, { anonymous: onlyPublicImages }),
  route('POST /images', ['images:read_write', 'linodes:read_only'], captureImage),
  route('POST /images/upload', ['images:read_write'], initiateUpload),
  route('POST /images/{image}/regions', ['images:read_write'], replicateImage, { since: 'latest' }),
  route('PUT /images/{image}', ['images:read_write'], updateImage),
  route('DELETE /images/{image}', ['images:read_write'], deleteImage),
  route('GET /regions', [], listRegions, { anonymous: anyone }),
  route('GET /regions/{id}', [], viewRegion, { anonymous: anyone }),
  route('GET /linode/instances', ['linodes:read_only'], listLinodes),
  route('GET /linode/instances/{id}', ['linodes:read_only'], viewLinode),
  route('GET /linode/instances/{id}/disks', ['linodes:read_only'], listDisks),
  route('GET /linode/instances/{id}/disks/{id}', ['linodes:read_only'], viewDisk),
  route('GET /account/users', ['account:read_only'], listUsers),
  route('GET /account/users/{username}', ['account:read_only'], viewUser),
  route('GET /account/events', ['events:read_only'], listEvents),
  route('GET /account/events/{id}', ['events:read_only'], viewEvent),
  route('GET /profile', [], viewProfile),
  route('GET /profile/grants', [], viewGrants),
];

export interface Matched {
  route: Route;
  params: string[];
}

/** Undefined if no path matches, `'method'` if the path exists with other methods only. */
export function matchRoute(
  version: ApiVersion,
  method: string,
  path: string,
): Matched | 'method' | undefined {
  let otherMethod = false;
  for (const each of ROUTES) {
    if (each.since !== undefined && each.since !== version) continue;
    const caught = each.pattern.exec(path);
    if (!caught) continue;
    if (each.method === method) return { route: each, params: caught.slice(1).map(decode) };
    otherMethod = true;
  }
  return otherMethod ? 'method' : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
