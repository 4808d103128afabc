import { SignInError } from './errors';

/** What has to survive the way to the issuer and back. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The fragment of the page that asked, to come back to. */
  readonly returnTo: string;
}

const KEY = 'grace.sign-in';

/** The only thing the console ever stores about signing in, and only until the browser is back. */
export function keepPending(storage: Storage, pending: Pending): void {
  storage.setItem(KEY, JSON.stringify(pending));
}

export type Returned = { readonly code: string; readonly pending: Pending };

/**
 * What the issuer sent the browser back with; `undefined` = this is not a return. Whatever was kept is taken
 * away: a code and its verifier are used once.
 * @throws SignInError when the issuer said no, or the answer does not belong to a question of this tab
 */
export function takeReturn(storage: Storage, search: string): Returned | undefined {
  const query = new URLSearchParams(search);
  const [code, state, error] = [query.get('code'), query.get('state'), query.get('error')];
  if (code === null && error === null) return undefined;
  const pending = readPending(storage.getItem(KEY));
  storage.removeItem(KEY);
  if (pending === undefined || state !== pending.state) {
    throw new SignInError('STATE_MISMATCH', 'This answer does not belong to a sign-in begun in this tab.');
  }
  if (code === null) {
    throw new SignInError(
      'ISSUER_REFUSED',
      `The issuer refused: ${query.get('error_description') ?? error}.`,
    );
  }
  return { code, pending };
}

function readPending(text: string | null): Pending | undefined {
  if (text === null) return undefined;
  const { state, nonce, verifier, returnTo } = JSON.parse(text) as Record<string, unknown>;
  const whole = [state, nonce, verifier, returnTo].every((part) => typeof part === 'string');
  return whole ? ({ state, nonce, verifier, returnTo } as Pending) : undefined;
}
