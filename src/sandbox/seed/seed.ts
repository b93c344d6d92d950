import { addAccount } from '../world/accounts.js';
import { seedAliceEvents, ALICE } from './seedAlice.js';
import { seedBobEvents, BOB } from './seedBob.js';
import { publicImages } from './seedImages.js';
import type { World } from '../world/world.js';

/** The tokens of the seeded accounts, for banners and docs. */
export const SANDBOX_TOKENS: readonly { token: string; description: string }[] = [
  { token: 'alice-full', description: "Alice's account, all scopes" },
  { token: 'alice-read', description: "Alice's account, images:read_only and linodes:read_only" },
  { token: 'bob-full', description: "Bob's account, all scopes; sees nothing of Alice's" },
  {
    token: 'carol-restricted',
    description: "Alice's account, a restricted user who may view some images, add none",
  },
];

/** Fills the world with the public images and two accounts. Dates and numbers are fixed. */
export function seed(world: World): void {
  for (const image of publicImages()) world.publicImages.set(image.id, image);
  seedAliceEvents(world, addAccount(world, ALICE));
  seedBobEvents(world, addAccount(world, BOB));
  world.nextImageNumber = 24_100_001;
  world.nextEventNumber = 700_000_001;
}
