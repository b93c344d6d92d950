import { useCallback, useEffect, useState } from 'react';
import { authRoute as route } from './config';
import { onUnauthenticated } from './fetcher';

/** The response of `GET /auth/session`. */
interface Session {
  signedIn: boolean;
  username?: string | null;
  scopes?: string[];
  expiresAt?: string;
}

/** Who is signed in, with a button to sign in or out. The page never sees a token: the cookie is not for scripts. */
export function SessionBar() {
  const [session, setSession] = useState<Session | null>(null);
  const [problem, setProblem] = useState('');
  const look = useCallback(async () => {
    try {
      const response = await fetch(route('session'), { credentials: 'same-origin' });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      setSession((await response.json()) as Session);
    } catch (error) {
      setProblem(`Who is signed in is not known: ${error instanceof Error ? error.message : String(error)}`);
    }
  }, []);

  useEffect(() => {
    void look();
    // The page may come back from the browser's memory, with what its user saw before signing out elsewhere.
    const onShow = ({ persisted }: PageTransitionEvent) => persisted && location.reload();
    addEventListener('pageshow', onShow);
    const stop = onUnauthenticated(() => void look());
    return () => {
      removeEventListener('pageshow', onShow);
      stop();
    };
  }, [look]);

  if (problem !== '') return <span className="session-problem">{problem}</span>;
  if (session === null) return null;
  if (!session.signedIn) return <SignIn />;
  return (
    <span className="session">
      <span className="session-user" title={describe(session)}>
        {session.username ?? 'signed in'}
      </span>
      <button type="button" className="session-button" onClick={() => void signOut().catch(report)}>
        Sign out
      </button>
    </span>
  );

  function report(error: unknown) {
    setProblem(`Not signed out: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function SignIn() {
  const url = route('login');
  url.searchParams.set('returnTo', location.pathname + location.search);
  return (
    <a className="session-button session-sign-in" href={url.href}>
      Sign in with Linode
    </a>
  );
}

async function signOut(): Promise<void> {
  const response = await fetch(route('logout'), { method: 'POST', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  location.reload();
}

const describe = ({ scopes = [], expiresAt }: Session): string =>
  `Scopes: ${scopes.join(' ')}${expiresAt === undefined ? '' : `\nUntil ${new Date(expiresAt).toLocaleString()}`}`;

/** In place of the hint on tokens: a comment, which sends nothing. */
export const SESSION_HINT = '// No token is needed: sign in at the top.';
