import { RESTDataSource, type AugmentedRequest, type DataSourceConfig } from '@apollo/datasource-rest';
import DataLoader from 'dataloader';

/** An image as Linode sends it, as far as it is read here. */
export interface RestImage {
  id: string;
  label: string;
  description: string | null;
  created: string;
  updated: string | null;
  created_by: string | null;
  is_public: boolean;
  deprecated: boolean;
  size: number;
  type: string;
  status: string;
  capabilities: string[];
  vendor: string | null;
  expiry: string | null;
  eol: string | null;
}

export interface RestUser {
  username: string;
  email: string;
  restricted: boolean;
}

interface RestPage<T> {
  data: T[];
  results: number;
}

/** A subclass of `RESTDataSource`, as the documentation shows it: one for each operation. */
export class LinodeApi extends RESTDataSource {
  override baseURL: string;

  readonly #images = new DataLoader((ids: readonly string[]) =>
    Promise.all(ids.map((id) => this.get<RestImage>(`images/${encodeURIComponent(id)}`))),
  );
  readonly #users = new DataLoader((names: readonly string[]) =>
    Promise.all(names.map((name) => this.get<RestUser>(`account/users/${encodeURIComponent(name)}`))),
  );

  constructor(
    baseURL: string,
    private readonly authorization: string | undefined,
    config: DataSourceConfig,
  ) {
    super(config);
    this.baseURL = `${baseURL}/`;
  }

  override willSendRequest(_path: string, request: AugmentedRequest): void {
    if (this.authorization !== undefined) request.headers['authorization'] = this.authorization;
  }

  image(id: string): Promise<RestImage> {
    return this.#images.load(id);
  }

  /** @param filter in Linode's words, for `X-Filter` */
  images(first: number, filter: object | undefined): Promise<RestPage<RestImage>> {
    return this.get<RestPage<RestImage>>('images', {
      params: { page_size: String(Math.max(first, 25)) },
      headers: filter ? { 'x-filter': JSON.stringify(filter) } : {},
    });
  }

  user(username: string): Promise<RestUser> {
    return this.#users.load(username);
  }

  updateImage(id: string, change: { label?: string; description?: string }): Promise<RestImage> {
    return this.put<RestImage>(`images/${encodeURIComponent(id)}`, { body: change });
  }
}
