import type { Response } from 'express';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface FailurePage {
  status: number;
  title: string;
  text: string;
  /** Absent: signing in again would not help. */
  retryUrl?: string;
  /** Where the user came from, if that is known. */
  backUrl?: string;
}

/** Sends a page that says why a sign-in failed. It quotes nothing of the request. */
export function sendFailurePage(
  res: Response,
  { status, title, text, retryUrl, backUrl }: FailurePage,
): void {
  const links = [linkTo(retryUrl, 'Sign in again'), linkTo(backUrl, 'Go back')].join('\n');
  res.status(status).set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': POLICY }).type('html')
    .send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
body { margin: 0; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 8vh auto; }
h1 { font-size: 1.375rem; line-height: 1.3; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
${links}
</main>
</body>
</html>
`);
}

const linkTo = (url: string | undefined, text: string): string =>
  url === undefined
    ? ''
    : `<p><a href="${url.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">${text}</a></p>`;
