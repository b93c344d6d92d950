import type { NewAccount } from '../world/accounts.js';
import { fromWireDate } from '../world/dates.js';
import { addEvent } from '../world/events.js';
import { linode, manual } from './seedAlice.js';
import type { Account, World } from '../world/world.js';

export const BOB: NewAccount = {
  name: 'bob',
  tokens: [{ token: 'bob-full', username: 'bob', scopes: '*' }],
  users: [{ username: 'bert', restricted: true }],
  images: [
    manual(23700011, 'bob-base', 1320, 'bob', '2024-02-20T12:00:00', { description: 'Ours, not theirs' }),
    manual(23700012, 'bob-build', 2875, 'bert', '2024-05-11T17:31:46'),
  ],
  linodes: [
    linode(54100001, 'bob-web', 'private/23700011', 'ap-south', 'running'),
    linode(54100002, 'bob-lab', 'linode/ubuntu24.04', 'ap-south', 'offline'),
  ],
};

export function seedBobEvents(world: World, account: Account): void {
  world.nextEventNumber = 648_110_001;
  const created = fromWireDate('2024-05-11T17:31:46');
  addEvent(world, account, created, {
    action: 'disk_imagize',
    username: 'bert',
    entity: { id: 54100001, label: 'bob-web', type: 'linode', url: '/v4/linode/instances/54100001' },
    secondary: { id: 23700012, label: 'bob-build', type: 'image', url: '/v4/images/private/23700012' },
    endsMs: created + 96_000,
  });
}
