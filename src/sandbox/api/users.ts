import { notFound, ok, unauthorized, type ApiResponse } from '../response.js';
import { callerOf, xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { rowInVersion } from '../world/apiVersion.js';
import { paginate } from './page.js';
import type { Account } from '../world/world.js';

const USER_KEYS: Filterable = { filterable: ['username'] };

/** `GET /account/users`; 403 for restricted users. */
export function listUsers(context: Context): ApiResponse {
  const users = [...managedAccount(context).users.values()];
  const matching = parseFilter(xFilterOf(context), USER_KEYS).apply(users);
  const { version } = context.world;
  return ok(
    paginate(
      matching.map((each) => rowInVersion(version, 'user', each)),
      context.query,
    ),
  );
}

/** `GET /account/users/{username}`; 403 for restricted users. */
export function viewUser(context: Context): ApiResponse {
  const user = managedAccount(context).users.get(context.params[0] ?? '');
  return user ? ok(rowInVersion(context.world.version, 'user', user)) : notFound();
}

function managedAccount(context: Context): Account {
  const caller = callerOf(context);
  return caller.grants === null ? caller.account : unauthorized();
}
