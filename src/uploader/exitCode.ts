/** How the command ends. Documented in docs/upload.md and in `--help`. */
export const EXIT_CODE = {
  /** The image is available; with `--no-wait`, the file is uploaded. */
  success: 0,
  /** An internal error. */
  internal: 1,
  /** The arguments or the token are missing or invalid. */
  usage: 2,
  /** The file cannot be read, or Linode would not accept it. Nothing was created. */
  file: 3,
  /** The gateway or Linode refused to create the image, or could not be reached. */
  refused: 4,
  /** The storage did not accept the file. */
  upload: 5,
  /** Linode could not process the file, or the upload window expired. */
  processing: 6,
  /** The file is uploaded, but the image did not become available in time, or its state could not be read. */
  unconfirmed: 7,
  /** Interrupted by Ctrl-C (SIGINT). */
  interrupted: 130,
  /** Terminated by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/** Why the command ends early: the message is for the user, and holds no secret. */
export class UploadFailure extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
