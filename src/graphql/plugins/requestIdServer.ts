import { ApolloServer, type BaseContext, type HTTPGraphQLResponse } from '@apollo/server';

type Errors = { extensions?: Record<string, unknown> }[];

/**
 * Apollo Server that adds the request ID to errors before an operation exists, as to all other errors: its hooks and
 * `formatError` do not know the request at that point. The ID is that of the request's headers.
 */
export class RequestIdApolloServer<C extends BaseContext> extends ApolloServer<C> {
  override async executeHTTPGraphQLRequest(
    request: Parameters<ApolloServer<C>['executeHTTPGraphQLRequest']>[0],
  ): Promise<HTTPGraphQLResponse> {
    const response = await super.executeHTTPGraphQLRequest(request);
    const { body, status = 200 } = response;
    const requestId = request.httpGraphQLRequest.headers.get('x-request-id');
    if (status < 400 || body.kind !== 'complete' || requestId === undefined) return response;
    return { ...response, body: { ...body, string: withRequestId(body.string, requestId) } };
  }
}

function withRequestId(text: string, requestId: string): string {
  const { errors = [], ...rest } = JSON.parse(text) as { errors?: Errors };
  if (errors.every(({ extensions }) => extensions?.['requestId'] !== undefined)) return text;
  const all = errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return `${JSON.stringify({ errors: all, ...rest })}\n`;
}
