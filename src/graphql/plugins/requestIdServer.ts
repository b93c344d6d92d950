import { ApolloServer, type BaseContext, type HTTPGraphQLResponse } from '@apollo/server';

type Errors = { extensions?: Record<string, unknown> }[];

/**
 * Apollo Server, but what it refuses before there is an operation tells the request's id too, as all other errors
 * do: its hooks and `formatError` are not told there which request it was. The id is that of the request's headers.
 */
export class NamingApolloServer<C extends BaseContext> extends ApolloServer<C> {
  override async executeHTTPGraphQLRequest(
    asked: Parameters<ApolloServer<C>['executeHTTPGraphQLRequest']>[0],
  ): Promise<HTTPGraphQLResponse> {
    const answer = await super.executeHTTPGraphQLRequest(asked);
    const { body, status = 200 } = answer;
    const requestId = asked.httpGraphQLRequest.headers.get('x-request-id');
    if (status < 400 || body.kind !== 'complete' || requestId === undefined) return answer;
    return { ...answer, body: { ...body, string: named(body.string, requestId) } };
  }
}

function named(text: string, requestId: string): string {
  const { errors = [], ...rest } = JSON.parse(text) as { errors?: Errors };
  if (errors.every(({ extensions }) => extensions?.['requestId'] !== undefined)) return text;
  const all = errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return `${JSON.stringify({ errors: all, ...rest })}\n`;
}
