#!/usr/bin/env node
import { homedir } from 'node:os';
import { VERSION } from '../version.js';
import { HELP, readCommandLine, type UploadOptions } from './commandLine.js';
import { EXIT_CODE, UploadFailure, type ExitCode } from './exitCode.js';
import { jsonReporter, textReporter, type Reporter } from './reporter.js';
import { upload } from './upload.js';

const toStdout = (text: string): void => void process.stdout.write(text);
const toStderr = (text: string): void => void process.stderr.write(text);

const reporterOf = ({ output }: Pick<UploadOptions, 'output'>): Reporter =>
  output === 'json'
    ? jsonReporter(toStdout)
    : textReporter({
        result: toStdout,
        progress: toStderr,
        isTerminal: process.stderr.isTTY ?? false,
        isQuiet: output === 'quiet',
        now: () => performance.now(),
      });

/** Aborts at the first signal; at the second one the process ends at once, as without a handler. */
function abortOnSignals(): { signal: AbortSignal; exitCode: () => ExitCode | undefined } {
  const controller = new AbortController();
  let exitCode: ExitCode | undefined;
  const onSignal = (code: ExitCode) => () => {
    exitCode = code;
    controller.abort(new Error('interrupted'));
  };
  process.once('SIGINT', onSignal(EXIT_CODE.interrupted));
  process.once('SIGTERM', onSignal(EXIT_CODE.terminated));
  return { signal: controller.signal, exitCode: () => exitCode };
}

async function main(): Promise<void> {
  let report = reporterOf({ output: process.argv.includes('--json') ? 'json' : 'text' });
  const interruption = abortOnSignals();
  try {
    const options = readCommandLine(process.argv.slice(2));
    if (options === 'help') toStdout(HELP);
    else if (options === 'version') toStdout(`${VERSION}\n`);
    else {
      report = reporterOf(options);
      const { signal } = interruption;
      await upload(options, { env: process.env, home: homedir(), stdin: process.stdin, report, signal });
    }
  } catch (error) {
    const code = interruption.exitCode();
    const exitCode = code ?? (error instanceof UploadFailure ? error.exitCode : EXIT_CODE.internal);
    const reason =
      code !== undefined ? 'interrupted' : error instanceof Error ? error.message : String(error);
    report({ event: 'failed', exitCode, reason });
    process.exitCode = exitCode;
  } finally {
    // Standard input would keep the process alive.
    process.stdin.destroy();
  }
}

void main();
