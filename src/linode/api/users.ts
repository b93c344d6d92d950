import { z } from 'zod';
import { readAllPages } from './allPages.js';
import type { CallTerms, LinodeReads } from '../client/client.js';
import { MAX_PAGE_SIZE, pageOf, type LinodeList } from './page.js';
import { nullableText } from '../shapes.js';

/** A user of the account. Source: GET /account/users. */
export interface LinodeUser {
  username: string;
  email: string | null;
  restricted: boolean | null;
}

export const linodeUser: z.ZodType<LinodeUser> = z.object({
  username: z.string().min(1),
  email: nullableText,
  restricted: z.boolean().nullable().catch(null),
});

const usersPage = pageOf(linodeUser);

/** Only such a text is a username, and only such a text is put into a path. */
export const isUsername = (name: string): boolean => /^[A-Za-z0-9][\w.@+-]{0,127}$/.test(name);

/**
 * All users of the account that match the filter.
 * @throws {LinodeForbidden} 403: the caller is a restricted user
 */
export const getUsers = (
  linode: LinodeReads,
  xFilter: string | undefined,
  terms: CallTerms,
): Promise<LinodeList<LinodeUser>> =>
  readAllPages(
    (page) =>
      linode.read(
        {
          kind: 'other',
          path: `/account/users?page=${page}&page_size=${MAX_PAGE_SIZE}`,
          needsToken: true,
          shape: usersPage,
          ...(xFilter !== undefined && { xFilter }),
        },
        terms,
      ),
    ({ username }) => username,
  );

/** @throws {LinodeRefused} 404: the account has no such user (any more) */
export const getUser = (linode: LinodeReads, username: string, terms: CallTerms): Promise<LinodeUser> =>
  linode.read(
    {
      kind: 'other',
      path: `/account/users/${encodeURIComponent(username)}`,
      needsToken: true,
      shape: linodeUser,
    },
    terms,
  );
