import { addAccount } from '../world/accounts.js';
import { seedAliceEvents, ALICE } from './seedAlice.js';
import { seedBobEvents, BOB } from './seedBob.js';
import { publicImages } from './seedImages.js';
import { seedSharing } from './seedSharing.js';
import type { World } from '../world/world.js';

/** The tokens of the seeded accounts, for banners and docs. */
export const SANDBOX_TOKENS: readonly { token: string; description: string }[] = [
  { token: 'alice-full', description: "Alice's account, all scopes" },
  { token: 'alice-read', description: "Alice's account, images:read_only and linodes:read_only" },
  { token: 'bob-full', description: "Bob's account, all scopes; sees two images that Alice shares" },
  {
    token: 'carol-restricted',
    description: "Alice's account, a restricted user: views three images, edits one, adds none",
  },
];

/** Fills the world with the public images and two accounts. Dates and numbers are fixed. */
export function seed(world: World): void {
  for (const image of publicImages()) world.publicImages.set(image.id, image);
  const alice = addAccount(world, ALICE);
  const bob = addAccount(world, BOB);
  seedAliceEvents(world, alice);
  seedBobEvents(world, bob);
  if (world.version === 'latest') seedSharing(alice, bob);
  world.nextImageNumber = 24_100_001;
  world.nextEventNumber = 700_000_001;
}
