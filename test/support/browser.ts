import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium, or the one named by CHROMIUM_PATH. */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Whether browser tests can run here. Where they must, `REQUIRE_BROWSER=1` lets them fail instead of being skipped. */
export function hasBrowser(): boolean {
  if (existsSync(executablePath) || process.env['REQUIRE_BROWSER'] === '1') return true;
  console.warn(`SKIPPED: no browser at ${executablePath}; set CHROMIUM_PATH to test in one.`);
  return false;
}

/** A headless browser that makes no calls of its own and resolves no names. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
