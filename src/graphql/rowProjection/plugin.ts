import type { DocumentNode } from 'graphql';
import type { Hooks } from '../plugins/hooks.js';
import { mayHoldJson } from './rawJson.js';
import { hasRows, withRows } from './rewriteDocument.js';

/** Has lists of images executed as rows: Apollo executes the document that the request holds after this hook. */
export const rowsHooks: Hooks = {
  executionDidStart(request) {
    (request as { document: DocumentNode }).document = withRows(request.document);
  },
  willSendResponse({ document, response: { body } }) {
    if (!document || !hasRows(document) || body.kind !== 'single') return;
    if (body.singleResult.data) mayHoldJson(body.singleResult.data);
  },
};
