import type { NewAccount } from '../world/accounts.js';
import { fromWireDate } from '../world/dates.js';
import { addEvent, imageEntity, linodeEntity } from '../world/events.js';
import type { Account, World } from '../world/world.js';

/** The account has two more users: carol (restricted) and dave. */
export const ALICE: NewAccount = {
  name: 'alice',
  tokens: [
    { token: 'alice-full', username: 'alice', scopes: '*', timezone: 'America/New_York' },
    {
      token: 'alice-read',
      username: 'alice',
      scopes: 'images:read_only linodes:read_only',
      timezone: 'America/New_York',
    },
    {
      token: 'carol-restricted',
      username: 'carol',
      scopes: '*',
      timezone: 'Europe/Berlin',
      restricted: true,
      grants: {
        add_images: false,
        images: { 23849731: 'read_only', 23851696: 'read_only', 23912044: 'read_write' },
        linodes: { 54933906: 'read_only' },
      },
    },
  ],
  users: [
    {
      username: 'alice',
      tfa_enabled: true,
      last_login: { login_datetime: '2024-05-19T07:58:12', status: 'successful' },
    },
    { username: 'dave', password_created: null },
  ],
  images: [
    automatic(23849498, 'shop-old - AlmaLinux 8 Disk', 3719, '2024-05-14T22:10:41', '2024-06-11T22:10:41'),
    automatic(23849499, 'mail-2019 - Debian 10 Disk', 3741, '2024-05-15T09:03:18', '2024-06-12T09:03:18'),
    manual(23849731, 'web-golden', 1754, 'alice', '2024-03-02T14:20:05', {
      description: 'nginx, node 20, hardened sshd',
      updated: '2024-05-02T08:12:44',
      capabilities: ['cloud-init'],
      tags: ['prod', 'web'],
      regions: availableIn('us-east', 'eu-central', 'ap-south'),
    }),
    manual(23851696, 'db-golden', 2210, 'dave', '2024-03-18T09:41:33', {
      description: ' ',
      tags: ['db', 'prod'],
      regions: availableIn('us-east', 'us-ord'),
    }),
    manual(23851701, 'ci-runner', 3980, 'dave', '2024-04-09T16:02:50', {
      capabilities: ['cloud-init'],
      tags: ['ci=true'],
      regions: availableIn('nl-ams'),
    }),
    manual(23912044, 'web-golden', 1688, 'alice', '2024-05-16T11:27:09', {
      description: 'Candidate with nginx 1.26',
      capabilities: ['cloud-init'],
      tags: ['candidate', 'web'],
    }),
    manual(23912377, 'legacy-import', 11264, '', '2024-05-17T19:55:00'),
    manual(23950120, 'appliance', 642, 'erin', '2024-05-18T10:00:02', {
      description: 'Uploaded from the build server',
    }),
  ],
  linodes: [
    linode(54933906, 'web-1', 'private/23849731', 'us-east', 'running', {
      tags: ['web', 'prod'],
      type: 'g6-standard-1',
    }),
    linode(54933962, 'web-2', 'private/23849731', 'eu-central', 'running', {
      tags: ['web', 'prod'],
      type: 'g6-standard-1',
    }),
    linode(54973867, 'web-staging', 'private/23912044', 'us-east', 'booting', { tags: ['web'] }),
    linode(54973909, 'db-1', 'private/23851696', 'us-east', 'running', {
      tags: ['prod'],
      type: 'g6-dedicated-2',
    }),
    linode(55007110, 'bastion', 'linode/debian12', 'us-east', 'offline'),
    linode(55007342, 'jobs', 'linode/ubuntu22.04', 'nl-ams', 'shutting_down', { has_user_data: true }),
    // Its image no longer exists.
    linode(55010001, 'archive', 'private/23100007', 'us-ord', 'running'),
    linode(55010002, 'scratch', null, 'us-ord', 'provisioning'),
  ],
};

export function seedAliceEvents(world: World, account: Account): void {
  world.nextEventNumber = 649_332_301;
  const image = (number: number) => entityOfImage(account, number);
  const machine = (number: number) => entityOfLinode(account, number);
  const at = (date: string) => fromWireDate(date);

  const captured = (created: string, username: string, from: number, to: number, seconds: number) =>
    addEvent(world, account, at(created), {
      action: 'disk_imagize',
      username,
      entity: machine(from),
      secondary: image(to),
      endsMs: at(created) + seconds * 1000,
    });
  captured('2024-03-02T14:20:05', 'alice', 54933906, 23849731, 82);
  captured('2024-03-18T09:41:33', 'dave', 54973909, 23851696, 121);
  captured('2024-04-09T16:02:50', 'dave', 55007342, 23851701, 207);
  addEvent(world, account, at('2024-05-02T08:12:44'), {
    action: 'image_update',
    username: 'alice',
    entity: image(23849731),
    outcome: 'notification',
  });
  captured('2024-05-16T11:27:09', 'alice', 54973867, 23912044, 64);
  addEvent(world, account, at('2024-05-16T12:05:00'), {
    action: 'linode_create',
    username: 'alice',
    entity: machine(54973867),
    secondary: image(23912044),
    endsMs: at('2024-05-16T12:05:31'),
  });
  addEvent(world, account, at('2024-05-17T19:50:12'), {
    action: 'image_upload',
    username: 'dave',
    entity: { id: 23912360, label: 'broken-import', type: 'image', url: '/v4/images/private/23912360' },
    outcome: 'failed',
    message: 'Failed to decompress image',
    endsMs: at('2024-05-17T19:51:40'),
  });
  addEvent(world, account, at('2024-05-17T19:55:00'), {
    action: 'image_upload',
    username: null,
    entity: image(23912377),
    endsMs: at('2024-05-17T19:57:21'),
  });
  addEvent(world, account, at('2024-05-18T08:00:00'), {
    action: 'image_delete',
    username: 'alice',
    entity: { id: 23100007, label: 'archive-golden', type: 'image', url: '/v4/images/private/23100007' },
    endsMs: at('2024-05-18T08:00:04'),
  });
  addEvent(world, account, at('2024-05-19T07:58:12'), {
    action: 'linode_create',
    username: 'alice',
    entity: machine(55007110),
    secondary: {
      id: 'linode/debian12',
      label: 'Debian 12',
      type: 'image',
      url: '/v4/images/linode/debian12',
    },
    endsMs: at('2024-05-19T07:58:50'),
  });
}

export function manual(
  number: number,
  label: string,
  size: number,
  createdBy: string,
  created: string,
  more: NonNullable<Exclude<NewAccount['images'], number>>[number] = {},
) {
  return { id: `private/${number}`, label, size, created_by: createdBy, created, ...more };
}

function availableIn(...regions: string[]) {
  return regions.map((region) => ({ region, status: 'available' }));
}

/** A backup of a deleted Linode's disk, which expires after four weeks. */
function automatic(number: number, label: string, size: number, created: string, expiry: string) {
  return {
    id: `private/${number}`,
    label,
    size,
    type: 'automatic',
    created_by: null,
    created,
    updated: null,
    expiry,
  };
}

export function linode(
  id: number,
  label: string,
  image: string | null,
  region: string,
  status: string,
  more: NonNullable<Exclude<NewAccount['linodes'], number>>[number] = {},
) {
  const created = `2024-0${1 + (id % 5)}-1${id % 10}T0${id % 9}:15:27`;
  return { id, label, image, region, status, created, ...more };
}

function entityOfImage(account: Account, number: number) {
  const image = account.images.get(`private/${number}`);
  if (!image) throw new Error(`The seed has no image ${number}`);
  return imageEntity(image);
}

function entityOfLinode(account: Account, number: number) {
  const record = account.linodes.get(number);
  if (!record) throw new Error(`The seed has no Linode ${number}`);
  return linodeEntity(record.linode);
}
