import { notFound, ok, unauthorized, type ApiResponse } from '../response.js';
import { callerOf, xFilterOf, type Context } from './context.js';
import { parseFilter, type Filterable } from './filter.js';
import { paginate } from './page.js';
import type { Account } from '../world/world.js';

const USER_KEYS: Filterable = { filterable: ['username'] };

/** `GET /account/users`; 403 for restricted users. */
export function listUsers(context: Context): ApiResponse {
  const users = [...managedAccount(context).users.values()];
  return ok(paginate(parseFilter(xFilterOf(context), USER_KEYS).apply(users), context.query));
}

/** `GET /account/users/{username}`; 403 for restricted users. */
export function viewUser(context: Context): ApiResponse {
  const user = managedAccount(context).users.get(context.params[0] ?? '');
  return user ? ok(user) : notFound();
}

function managedAccount(context: Context): Account {
  const caller = callerOf(context);
  return caller.grants === null ? caller.account : unauthorized();
}
