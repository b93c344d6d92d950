import { parseArgs } from 'node:util';
import { EXIT_CODE, UploadFailure } from './exitCode.js';

/** What the command is to do. */
export interface UploadOptions {
  /** A path; `-` is standard input. */
  file: string;
  label: string;
  /** Absent: the default region of linode-cli's configuration. */
  region: string | undefined;
  description: string | undefined;
  tags: string[];
  cloudInit: boolean;
  /** The gateway's GraphQL endpoint. */
  endpoint: URL;
  /** The user of linode-cli's configuration whose token is used. */
  asUser: string | undefined;
  /** The size of standard input, in bytes. */
  size: number | undefined;
  /** Whether to compress the file first. */
  gzip: boolean;
  /** Whether to decompress the whole file once before anything is created. */
  verify: boolean;
  /** Whether to wait until the image is available. */
  wait: boolean;
  /** How long to wait for that, in seconds. */
  timeoutSeconds: number;
  /** Whether the pending image stays when the upload fails. */
  keep: boolean;
  output: 'text' | 'json' | 'quiet';
}

/** The command line, or what it asks to print instead. */
export type CommandLine = UploadOptions | 'help' | 'version';

const DEFAULT_ENDPOINT = 'http://127.0.0.1:4000/graphql';
const DEFAULT_TIMEOUT_SECONDS = 7200;

export const HELP = `Uploads a disk image to Linode through the gateway, and waits until it is available.

Usage: linode-images-upload FILE --label TEXT [options]

FILE is a raw disk image compressed with gzip, at most 5 GB, and 6 GB uncompressed. "-" reads standard input.

Options:
  --label TEXT         Label of the image, 1 to 50 characters
  --region SLUG        Region to upload to; by default that of linode-cli's configuration
  --description TEXT   Description of the image
  --tags A,B           Tags; may be repeated
  --cloud-init         The image supports cloud-init
  --endpoint URL       The gateway (${DEFAULT_ENDPOINT})
  --allow-http         Send the token over plain HTTP to another machine
  --as-user NAME       User of linode-cli's configuration
  --gzip               Compress FILE to a temporary file first
  --size BYTES         Exact size of standard input
  --no-verify          Do not decompress FILE once before the upload to check it
  --no-wait            Exit once the file is uploaded
  --timeout SECONDS    How long to wait for the image after the upload (${DEFAULT_TIMEOUT_SECONDS})
  --keep               Keep the pending image if the upload fails or is interrupted
  --json               One JSON object per line on standard output
  --quiet              No progress
  --help, --version

The token is read from LINODE_TOKEN, else from linode-cli's configuration file. It is never an argument: other users of
a machine can read those. It needs the scope images:read_write, and events:read_only to see why processing failed.

Progress goes to standard error; the ID of the image to standard output.

Exit codes: 0 available, 1 internal error, 2 usage, 3 unsuitable file, 4 refused, 5 upload failed, 6 processing failed,
7 uploaded but not confirmed, 130 interrupted, 143 terminated.
`;

/**
 * Reads the arguments.
 * @param args without the path of node and of the script
 * @throws {UploadFailure} exit code 2, with what is wrong
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [file, ...more] = positionals;
  if (file === undefined) throw usage('FILE is missing');
  if (more.length > 0) throw usage(`unexpected argument "${more[0]}"`);
  const label = values.label ?? '';
  if (label.trim() === '') throw usage('--label is missing');
  const size = wholeNumber('--size', values.size);
  if (file === '-' && size === undefined && !values.gzip) {
    throw usage('standard input needs --size: the storage must know the length beforehand');
  }
  if (file !== '-' && size !== undefined) throw usage('--size is for standard input only');
  if (values.json && values.quiet) throw usage('--json and --quiet exclude each other');
  return {
    file,
    label,
    region: values.region,
    description: values.description,
    tags: (values.tags ?? []).flatMap((list) => list.split(',').map((tag) => tag.trim())).filter(Boolean),
    cloudInit: values['cloud-init'] ?? false,
    endpoint: endpointOf(values.endpoint ?? DEFAULT_ENDPOINT, values['allow-http'] ?? false),
    asUser: values['as-user'],
    size,
    gzip: values.gzip ?? false,
    verify: !values['no-verify'],
    wait: !values['no-wait'],
    timeoutSeconds: wholeNumber('--timeout', values.timeout) ?? DEFAULT_TIMEOUT_SECONDS,
    keep: values.keep ?? false,
    output: values.json ? 'json' : values.quiet ? 'quiet' : 'text',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        label: { type: 'string' },
        region: { type: 'string' },
        description: { type: 'string' },
        tags: { type: 'string', multiple: true },
        'cloud-init': { type: 'boolean' },
        endpoint: { type: 'string' },
        'allow-http': { type: 'boolean' },
        'as-user': { type: 'string' },
        gzip: { type: 'boolean' },
        size: { type: 'string' },
        'no-verify': { type: 'boolean' },
        'no-wait': { type: 'boolean' },
        timeout: { type: 'string' },
        keep: { type: 'boolean' },
        json: { type: 'boolean' },
        quiet: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw usage(`${name} must be a whole number from 1, not "${text}"`);
  }
  return value;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function endpointOf(text: string, allowsHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw usage(`--endpoint must be a http or https URL, not "${text}"`);
  }
  if (url.username || url.password) throw usage('--endpoint must hold no credentials');
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !allowsHttp) {
    throw usage(`--endpoint ${text} would send the token unencrypted; use https, or --allow-http`);
  }
  return url;
}

const usage = (message: string): UploadFailure => new UploadFailure(EXIT_CODE.usage, message);
