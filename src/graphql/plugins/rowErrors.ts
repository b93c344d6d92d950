import type { Hooks } from './hooks.js';

/** Adds the row errors of an operation to its response. */
export const rowErrorHooks: Hooks = {
  willSendResponse({ response, contextValue: { rowErrors } }) {
    if (rowErrors.all.length === 0 || response.body.kind !== 'single') return;
    const { singleResult } = response.body;
    singleResult.errors = [...(singleResult.errors ?? []), ...rowErrors.all.map((error) => error.toJSON())];
  },
};
