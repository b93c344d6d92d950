import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { mayHoldJson } from './json.js';
import { withRows } from './rows.js';

/** Has lists of images executed as rows: Apollo executes the document that the request holds after its last hook. */
export const rowsPlugin: ApolloServerPlugin = {
  requestDidStart: async () => {
    let isTaken = false;
    return {
      async executionDidStart(request) {
        const taken = withRows(request.document);
        isTaken = taken !== request.document;
        (request as { document: DocumentNode }).document = taken;
      },
      async willSendResponse({ response: { body } }) {
        if (isTaken && body.kind === 'single' && body.singleResult.data) mayHoldJson(body.singleResult.data);
      },
    };
  },
};
