import type { Readable } from 'node:stream';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { UploadOptions } from './commandLine.js';
import { readCredentials, type Environment } from './credentials.js';
import { EXIT_CODE, UploadFailure } from './exitCode.js';
import { followImage } from './follow.js';
import { GatewayApi, GatewayError, type PendingImage } from './gatewayApi.js';
import { openSource } from './openSource.js';
import type { Reporter } from './reporter.js';
import { sendFile } from './sendFile.js';
import type { Source } from './source.js';

/** What the command has of its process. */
export interface Surroundings {
  env: Environment;
  /** The user's home directory. */
  home: string;
  stdin: Readable;
  report: Reporter;
  /** Aborts when the command is interrupted. */
  signal: AbortSignal;
}

/** Never reached through a proxy. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** How long deleting the pending image may take once the command is interrupted. */
const CLEAN_UP_MS = 10_000;

/**
 * The whole of an upload: checks the file, creates the image, sends the file, waits until the image is available. The
 * pending image of an upload that fails or is interrupted is deleted, unless it is to be kept.
 * @throws {UploadFailure} why the image is not available
 */
export async function upload(options: UploadOptions, surroundings: Surroundings): Promise<void> {
  const { env, home, stdin, report, signal } = surroundings;
  const credentials = readCredentials(env, home, options.asUser);
  const region = options.region ?? credentials.region;
  if (region === undefined) {
    throw new UploadFailure(EXIT_CODE.usage, '--region is missing, and linode-cli has no default region');
  }
  const noProxy = [env['NO_PROXY'] ?? env['no_proxy'], LOOPBACK].filter(Boolean).join(',');
  const dispatcher = new EnvHttpProxyAgent({ noProxy });
  let source: Source | undefined;
  try {
    source = await openSource(options, stdin, report, signal);
    const api = new GatewayApi(options.endpoint, credentials.token, dispatcher);
    const pending = await create(api, { ...options, region }, signal);
    report({ event: 'created', imageId: pending.imageId, expiresAt: pending.expiresAt });
    await complete(pending, source, options, { api, dispatcher, report, signal });
  } finally {
    await source?.dispose();
    await dispatcher.destroy();
  }
}

async function create(
  api: GatewayApi,
  { label, region, description, tags, cloudInit }: UploadOptions & { region: string },
  signal: AbortSignal,
): Promise<PendingImage> {
  try {
    return await api.initiateUpload({ label, region, description, tags, cloudInit }, signal);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const advice = error.isOutcomeUnknown
      ? `. An image "${label}" may have been created all the same: delete it if it is pending`
      : '';
    throw new UploadFailure(EXIT_CODE.refused, `the image was not created: ${error.message}${advice}`, {
      cause: error,
    });
  }
}

interface Tools {
  api: GatewayApi;
  dispatcher: Dispatcher;
  report: Reporter;
  signal: AbortSignal;
}

async function complete(
  { imageId, uploadTo }: PendingImage,
  source: Source,
  { keep, wait, timeoutSeconds }: UploadOptions,
  { api, dispatcher, report, signal }: Tools,
): Promise<void> {
  try {
    await sendFile(uploadTo, source, dispatcher, report, signal);
    report({ event: 'uploaded', imageId, totalBytes: source.bytes });
    if (!wait) return;
    await followImage({ api, imageId, timeoutSeconds, report, signal });
    report({ event: 'available', imageId });
  } catch (error) {
    const isUploaded = error instanceof UploadFailure && error.exitCode === EXIT_CODE.unconfirmed;
    if (isUploaded) report({ event: 'kept', imageId, reason: 'its file is uploaded' });
    else if (keep) report({ event: 'kept', imageId, reason: '--keep' });
    else await cleanUp(api, imageId, report);
    throw error;
  }
}

/** Deletes the pending image. It must not hide why the upload failed. */
async function cleanUp(api: GatewayApi, imageId: string, report: Reporter): Promise<void> {
  try {
    await api.delete(imageId, AbortSignal.timeout(CLEAN_UP_MS));
    report({ event: 'deleted', imageId });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report({ event: 'kept', imageId, reason: `it could not be deleted: ${reason}` });
  }
}
