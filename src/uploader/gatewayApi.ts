import { createClient } from 'graphql-sse';
import { fetch, request, type Dispatcher, type RequestInit } from 'undici';
import { errorCode } from './errorCode.js';

/** An image that waits for its file. */
export interface PendingImage {
  imageId: string;
  /** A secret: with it anyone can upload. */
  uploadTo: string;
  expiresAt: string | null;
}

export interface NewImage {
  label: string;
  region: string;
  description: string | undefined;
  tags: readonly string[];
  cloudInit: boolean;
}

/** How far Linode is with an image. */
export interface ImageState {
  /** `ImageStatus` of the schema. */
  status: string;
  /** `ImagePhase` of the schema; null where it cannot be read. */
  phase: string | null;
  percent: number | null;
  failureReason: string | null;
}

/** Why the gateway did not do what was asked. */
export class GatewayError extends Error {
  constructor(
    message: string,
    /** Whether the same request may succeed later. */
    readonly isTransient: boolean,
    /** Whether a mutation may have happened all the same. */
    readonly isOutcomeUnknown: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface GraphQLResponse {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string; outcome?: string; requiredScopes?: string[] } }[];
}

interface UserError {
  message: string;
  field: string[] | string | null;
}

interface StateFields {
  status: string;
  progress: Omit<ImageState, 'status'> | null;
}

const STATE = '{ image(id: $id) { status progress { phase percent failureReason } } }';
const SUBSCRIPTION = `subscription FollowUpload($id: ID!) ${STATE}`;

const stateOf = (image: StateFields | null): ImageState | null =>
  image && { phase: null, percent: null, failureReason: null, ...image.progress, status: image.status };

const TIMEOUT_MS = 30_000;
const TRANSIENT_CODES = new Set(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'OVERLOADED']);

/** The gateway's operations that an upload needs. */
export class GatewayApi {
  constructor(
    private readonly endpoint: URL,
    private readonly token: string,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** @throws {GatewayError} if no image was created, or may not have been */
  async initiateUpload(input: NewImage, signal: AbortSignal): Promise<PendingImage> {
    const { image, uploadTo, expiresAt, userErrors } = await this.#mutate<{
      image: { id: string } | null;
      uploadTo: string | null;
      expiresAt: string | null;
      userErrors: UserError[];
    }>(
      `mutation UploadImage($input: InitiateImageUploadInput!) {
        payload: initiateImageUpload(input: $input) { image { id } uploadTo expiresAt userErrors { message field } }
      }`,
      { input: { ...input, tags: input.tags.length > 0 ? input.tags : undefined } },
      signal,
    );
    if (!image || uploadTo === null) throw refused(userErrors);
    return { imageId: image.id, uploadTo, expiresAt };
  }

  /**
   * Each state of the image from now on, by a subscription over SSE; null once there is no such image. Ends when the
   * gateway ends it, after a final state.
   * @throws {Error} if the subscription is refused or breaks
   */
  async *states(imageId: string, signal: AbortSignal): AsyncGenerator<ImageState | null> {
    const client = createClient({
      url: this.endpoint.href,
      headers: { authorization: `Bearer ${this.token}` },
      retryAttempts: 0,
      // Node's own knows no proxy of the environment.
      fetchFn: (url: string, init: RequestInit) => fetch(url, { ...init, dispatcher: this.dispatcher }),
    });
    const stop = (): void => {
      client.dispose();
    };
    signal.addEventListener('abort', stop);
    try {
      const results = client.iterate<{ image: StateFields | null }>({
        query: SUBSCRIPTION,
        variables: { id: imageId },
      });
      for await (const { data, errors } of results) {
        if (errors && !data?.image) throw new Error(errors[0]?.message);
        if (data) yield stateOf(data.image);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** Null once there is no such image. */
  async state(imageId: string, signal: AbortSignal): Promise<ImageState | null> {
    const { data, errors } = await this.#post(
      `query UploadState($id: ID!) ${STATE}`,
      { id: imageId },
      signal,
    );
    const image = data?.['image'] as StateFields | null | undefined;
    if (!image && errors) throw failureOf(errors);
    return stateOf(image ?? null);
  }

  /** @throws {GatewayError} if the image may still be there */
  async delete(imageId: string, signal: AbortSignal): Promise<void> {
    const { userErrors } = await this.#mutate<{ userErrors: UserError[] }>(
      'mutation CancelUpload($input: DeleteImageInput!) { payload: deleteImage(input: $input) { userErrors { message field } } }',
      { input: { id: imageId } },
      signal,
    );
    if (userErrors.length > 0) throw refused(userErrors);
  }

  async #mutate<Payload>(query: string, variables: object, signal: AbortSignal): Promise<Payload> {
    const { data, errors } = await this.#post(query, variables, signal);
    const payload = data?.['payload'] as Payload | null | undefined;
    if (!payload) throw failureOf(errors ?? []);
    return payload;
  }

  async #post(query: string, variables: object, signal: AbortSignal): Promise<GraphQLResponse> {
    const response = await this.#send(JSON.stringify({ query, variables }), signal);
    const text = await response.body.text().catch((error: unknown) => {
      throw unreachable(this.endpoint, error);
    });
    try {
      const body = JSON.parse(text) as GraphQLResponse;
      if (body.data !== undefined || body.errors) return body;
    } catch {
      // Not the gateway's: a proxy's page, or another server.
    }
    const isTransient = response.statusCode >= 500 || response.statusCode === 429;
    throw new GatewayError(
      `${this.endpoint.href} answered ${response.statusCode} without a GraphQL response: is it the gateway's endpoint?`,
      isTransient,
      isTransient,
    );
  }

  async #send(body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await request(this.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          authorization: `Bearer ${this.token}`,
        },
        body,
        signal,
        dispatcher: this.dispatcher,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
    } catch (error) {
      throw signal.aborted ? error : unreachable(this.endpoint, error);
    }
  }
}

const unreachable = (endpoint: URL, error: unknown): GatewayError => {
  const code = errorCode(error);
  // Nothing was sent to a server that accepts no connection.
  const isSent = !['ECONNREFUSED', 'ENOTFOUND'].includes(code);
  return new GatewayError(`cannot reach ${endpoint.href}${code === '' ? '' : ` (${code})`}`, true, isSent, {
    cause: error,
  });
};

const refused = (errors: readonly UserError[]): GatewayError => {
  const texts = errors.map(({ field, message }) => {
    const path = field === null ? '' : [field].flat().join('.');
    return path === '' ? message : `${path}: ${message}`;
  });
  return new GatewayError(texts.join('; ') || 'no reason was given', false, false);
};

function failureOf(errors: NonNullable<GraphQLResponse['errors']>): GatewayError {
  const [first] = errors;
  const { code = '', outcome, requiredScopes = [] } = first?.extensions ?? {};
  const scopes = requiredScopes.length > 0 ? `. The token needs the scope ${requiredScopes.join(', ')}` : '';
  return new GatewayError(
    first ? `${first.message.replace(/\.$/, '')}${scopes}` : 'the gateway returned no data',
    TRANSIENT_CODES.has(code),
    outcome === 'unknown',
  );
}
