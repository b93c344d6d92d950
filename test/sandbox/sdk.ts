import * as loaded from '@linode/api-v4';
import type { SandboxEvent, SandboxImage, SandboxLinode, SandboxUser } from '../../src/sandbox/sandbox.js';
import type { Page } from './harness.js';

interface RequestConfig {
  url?: string;
  headers: { set(name: string, value: string): void };
}
type List<T> = (params?: object, filter?: object) => Promise<Page<T>>;

/** The parts of the SDK the tests use. Its types import without extensions, which this module resolution can't follow. */
export interface Sdk {
  baseRequest: {
    interceptors: { request: { use(change: (config: RequestConfig) => RequestConfig): number } };
  };
  getImages: List<SandboxImage>;
  getImage(id: string): Promise<SandboxImage>;
  createImage(data: {
    disk_id: number;
    label?: string;
    description?: string;
    tags?: string[];
  }): Promise<SandboxImage>;
  updateImage(
    id: string,
    data: { label?: string; description?: string; tags?: string[] },
  ): Promise<SandboxImage>;
  updateImageRegions(id: string, data: { regions: string[] }): Promise<SandboxImage>;
  deleteImage(id: string): Promise<object>;
  uploadImage(data: {
    label: string;
    region: string;
    cloud_init?: boolean;
    tags?: string[];
  }): Promise<{ upload_to: string; image: SandboxImage }>;
  getEvents: List<SandboxEvent>;
  getLinodes: List<SandboxLinode>;
  getLinode(id: number): Promise<SandboxLinode>;
  getLinodeDisks(id: number): Promise<Page<{ id: number }>>;
  getRegions: List<{ id: string }>;
  getRegion(id: string): Promise<{ country: string; site_type: string }>;
  getUser(username: string): Promise<SandboxUser>;
  getProfile(): Promise<{ username: string; timezone: string }>;
  getMyGrants(): Promise<{ image: { id: number; permissions: string }[] }>;
}

export const sdk = loaded as unknown as Sdk;
