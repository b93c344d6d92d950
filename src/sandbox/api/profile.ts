import { ok, type ApiResponse } from '../response.js';
import { callerOf, type Context } from './context.js';
import type { Permission } from '../world/wire.js';

/** `GET /profile` */
export function viewProfile(context: Context): ApiResponse {
  const caller = callerOf(context);
  const user = caller.account.users.get(caller.username);
  return ok({
    uid:
      1_000_000 + [...context.world.callers.values()].findIndex((each) => each.username === caller.username),
    username: caller.username,
    email: user?.email ?? `${caller.username}@example.com`,
    timezone: caller.timezone,
    email_notifications: true,
    referrals: {
      code: '871be32f49c1411b14f29f618aaf0c14637fb8d3',
      url: 'https://www.linode.com/?r=871be32f49c1411b14f29f618aaf0c14637fb8d3',
      total: 0,
      completed: 0,
      pending: 0,
      credit: 0,
    },
    ip_whitelist_enabled: false,
    lish_auth_method: 'keys_only',
    authorized_keys: null,
    two_factor_auth: user?.tfa_enabled ?? false,
    restricted: caller.grants !== null,
    authentication_type: 'password',
    verified_phone_number: user?.verified_phone_number ?? null,
    ...(context.world.version === 'latest' && { user_type: user?.user_type ?? 'default' }),
  });
}

/** `GET /profile/grants`; 204 without a body for unrestricted users. */
export function viewGrants(context: Context): ApiResponse {
  const { grants, account } = callerOf(context);
  if (grants === null) return { status: 204, body: '' };
  const imageLabel = (id: string) => account.images.get(`private/${id}`)?.label;
  const linodeLabel = (id: string) => account.linodes.get(Number(id))?.linode.label;
  return ok({
    global: {
      account_access: null,
      add_databases: false,
      add_domains: false,
      add_firewalls: false,
      add_images: grants.add_images ?? false,
      add_linodes: grants.add_linodes ?? false,
      add_longview: false,
      add_nodebalancers: false,
      add_stackscripts: false,
      add_volumes: false,
      add_vpcs: false,
      cancel_account: false,
      child_account_access: null,
      longview_subscription: false,
    },
    database: [],
    domain: [],
    image: entries(grants.images, imageLabel),
    linode: entries(grants.linodes, linodeLabel),
    longview: [],
    nodebalancer: [],
    stackscript: [],
    volume: [],
    vpc: [],
  });
}

function entries(given: Record<number, Permission> = {}, labelOf: (id: string) => string | undefined) {
  return Object.entries(given).flatMap(([id, permissions]) => {
    const label = labelOf(id);
    return label === undefined ? [] : [{ id: Number(id), label, permissions }];
  });
}
