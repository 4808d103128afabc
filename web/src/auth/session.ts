import type { ConsoleConfig } from '../../../shared/contracts/console';
import { claimsOf } from './claims';
import { SignInError } from './errors';
import { authorizeUrl, discover, type Issuer, requestTokens, type Tokens } from './issuer';
import { proofKey, randomBytes, unguessable } from './pkce';
import { keepPending, type Returned, takeReturn } from './redirect';

export type SessionState =
  | { readonly status: 'signed_out' }
  /** `reauthenticate`: the token ran out; what is on the screen stays. */
  | { readonly status: 'expired'; readonly name: string }
  | { readonly status: 'signed_in'; readonly name: string; readonly subject: string };

/** The browser's session: tokens in memory only, gone with the tab. */
export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** A token that is good for a call now; renewed silently where the issuer allows it. */
  token(): Promise<string | undefined>;
  /** The API did not take the token. */
  refused(): void;
  signIn(options?: { readonly fresh?: boolean }): Promise<void>;
  signOut(): void;
}

/** A token is renewed this long before it ends, so that a call never leaves with one about to end. */
const MARGIN = 30_000;

interface Held {
  readonly tokens: Tokens;
  readonly name: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface Opened {
  readonly session: Session;
  /** Why the sign-in that the browser came back from did not work. */
  readonly error?: SignInError;
}

/** Takes up the sign-in that the browser comes back from, if it does. */
export async function openSession(config: ConsoleConfig): Promise<Opened> {
  const redirectUri = new URL('.', location.href.split(/[?#]/)[0]).href;
  let issuer: Issuer | undefined;
  const theIssuer = async () => {
    issuer ??= await discover(config);
    return issuer;
  };
  try {
    const returned = takeReturnAndClean();
    const first = returned === undefined ? undefined : await exchange(await theIssuer(), returned);
    return { session: session(first) };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return { session: session(undefined), error };
  }

  async function exchange(from: Issuer, { code, pending }: Returned): Promise<Held> {
    const tokens = await requestTokens(from, {
      grant_type: 'authorization_code',
      client_id: config.clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: pending.verifier,
    });
    const claims = tokens.idToken === undefined ? undefined : claimsOf(tokens.idToken);
    // OpenID Connect Core, 3.1.3.7: an ID token that answers another question is somebody else's.
    if (claims !== undefined && claims.nonce !== pending.nonce) {
      throw new SignInError('NONCE_MISMATCH', 'The issuer answered another sign-in than this one.');
    }
    history.replaceState(null, '', `${location.pathname}${pending.returnTo}`);
    return held(tokens);
  }

  function session(opened: Held | undefined): Session {
    const listeners = new Set<() => void>();
    let current = opened;
    let shown: SessionState = stateOf(current);
    let renewing: Promise<string | undefined> | undefined;

    const change = (next: Held | undefined, state: SessionState = stateOf(next)) => {
      current = next;
      shown = state;
      for (const listener of listeners) listener();
    };
    const expire = () => {
      if (current !== undefined) change(undefined, { status: 'expired', name: current.name });
    };
    const renew = async (from: Held): Promise<string | undefined> => {
      if (from.tokens.refreshToken === undefined) {
        expire();
        return undefined;
      }
      try {
        const tokens = await requestTokens(await theIssuer(), {
          grant_type: 'refresh_token',
          client_id: config.clientId,
          refresh_token: from.tokens.refreshToken,
        });
        // An issuer that does not rotate refresh tokens leaves it out.
        const next = held({ ...from.tokens, ...tokens });
        change(next);
        return next.tokens.accessToken;
      } catch (error) {
        if (!(error instanceof SignInError)) throw error;
        expire();
        return undefined;
      }
    };
    return {
      state: () => shown,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async token() {
        if (current === undefined) return undefined;
        if (Date.now() < current.expiresAt - MARGIN) return current.tokens.accessToken;
        // Callers at the same time wait for one renewal: a rotated refresh token works once.
        renewing ??= renew(current).finally(() => {
          renewing = undefined;
        });
        return renewing;
      },
      refused: expire,
      async signIn({ fresh = false } = {}) {
        const from = await theIssuer();
        const { verifier, challenge } = await proofKey(randomBytes());
        const [state, nonce] = [unguessable(), unguessable()];
        keepPending(sessionStorage, { state, nonce, verifier, returnTo: location.hash });
        const url = authorizeUrl({ config, issuer: from, redirectUri, challenge, state, nonce });
        location.assign(fresh ? `${url}&prompt=login&max_age=0` : url);
      },
      signOut() {
        change(undefined);
        if (issuer?.endSession === undefined) return;
        const url = new URL(issuer.endSession);
        url.searchParams.set('client_id', config.clientId);
        url.searchParams.set('post_logout_redirect_uri', redirectUri);
        // Cognito's name for the same.
        url.searchParams.set('logout_uri', redirectUri);
        location.assign(url.href);
      },
    };
  }
}

/** The code leaves the address at once: it must not stand in the history, nor be sent twice on a reload. */
function takeReturnAndClean(): Returned | undefined {
  const { search } = location;
  if (search !== '') history.replaceState(null, '', `${location.pathname}${location.hash}`);
  return takeReturn(sessionStorage, search);
}

function held(tokens: Tokens): Held {
  const claims = claimsOf(tokens.idToken ?? tokens.accessToken) ?? claimsOf(tokens.accessToken);
  return {
    tokens,
    name: claims?.name ?? 'somebody',
    subject: claims?.subject ?? '',
    expiresAt: Date.now() + tokens.expiresIn * 1000,
  };
}

function stateOf(current: Held | undefined): SessionState {
  return current === undefined
    ? { status: 'signed_out' }
    : { status: 'signed_in', name: current.name, subject: current.subject };
}
