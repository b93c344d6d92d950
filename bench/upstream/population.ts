import type { NewAccount, Sandbox, SandboxImage } from '../../src/sandbox/sandbox.js';

/** An account with more images than one page of Linode's holds. */
export const LARGE_TOKEN = 'bench-large';
export const LARGE_IMAGES = 500;
/** Accounts of 100 images each, with a token each. */
export const MEDIUM_ACCOUNTS = 400;
export const MEDIUM_IMAGES = 100;
/** Accounts of 20 images, with a token each that sends one request: nothing of them is cached before. */
export const FIRST_TIME_ACCOUNTS = 1200;
export const FIRST_TIME_IMAGES = 20;
/** Callers that send one request before those, to warm up the code; a hundred of an account. */
export const WARM_UP_CALLERS = 4000;
const CALLERS_OF_AN_ACCOUNT = 100;

const CREATORS = 20;

export const mediumToken = (account: number): string => `bench-medium-${account}`;
export const firstTimeToken = (account: number): string => `bench-first-${account}`;
export const warmUpToken = (caller: number): string => `bench-warm-up-${caller}`;

/** The ids that `populate` gives out; account and image count from 0. */
export const largeImageId = (image: number): string => `private/${31_000_000 + image}`;
export const mediumImageId = (account: number, image: number): string =>
  `private/${32_000_000 + account * MEDIUM_IMAGES + image}`;
export const firstTimeImageId = (account: number, image: number): string =>
  `private/${33_000_000 + account * FIRST_TIME_IMAGES + image}`;
export const warmUpImageId = (caller: number, image: number): string =>
  `private/${34_000_000 + Math.floor(caller / CALLERS_OF_AN_ACCOUNT) * FIRST_TIME_IMAGES + image}`;

/** How many of the accounts to create; fewer make a quicker test. */
export interface Population {
  mediumAccounts: number;
  firstTimeAccounts: number;
  warmUpCallers: number;
}

/** Fills a sandbox with the accounts of the workloads. */
export function populate(sandbox: Sandbox, population: Population): void {
  sandbox.addAccount(account('large', [LARGE_TOKEN], LARGE_IMAGES, largeImageId));
  for (let i = 0; i < population.mediumAccounts; i++) {
    sandbox.addAccount(
      account(`medium-${i}`, [mediumToken(i)], MEDIUM_IMAGES, (image) => mediumImageId(i, image)),
    );
  }
  for (let i = 0; i < population.firstTimeAccounts; i++) {
    sandbox.addAccount(
      account(`first-${i}`, [firstTimeToken(i)], FIRST_TIME_IMAGES, (image) => firstTimeImageId(i, image)),
    );
  }
  for (let i = 0; i < population.warmUpCallers; i += CALLERS_OF_AN_ACCOUNT) {
    const tokens = Array.from({ length: CALLERS_OF_AN_ACCOUNT }, (_, n) => warmUpToken(i + n));
    sandbox.addAccount(
      account(`warm-up-${i}`, tokens, FIRST_TIME_IMAGES, (image) => warmUpImageId(i, image)),
    );
  }
}

function account(
  name: string,
  tokens: readonly string[],
  images: number,
  idOf: (image: number) => string,
): NewAccount {
  return {
    name,
    tokens: tokens.map((token) => ({ token, username: `${name}-owner`, scopes: '*' })),
    users: Array.from({ length: CREATORS }, (_, i) => ({ username: `${name}-user-${i}` })),
    images: Array.from({ length: images }, (_, i) => image(idOf(i), i, `${name}-user-${i % CREATORS}`)),
  };
}

function image(id: string, i: number, creator: string): Partial<SandboxImage> {
  const day = String((i % 28) + 1).padStart(2, '0');
  return {
    id,
    label: `golden-image-${i}`,
    description: i % 3 === 0 ? '' : `Built by the pipeline, number ${i}`,
    created: `2024-03-${day}T14:20:05`,
    updated: `2024-04-${day}T08:12:44`,
    created_by: creator,
    size: 1500 + i,
    capabilities: i % 2 === 0 ? ['cloud-init'] : [],
  };
}
