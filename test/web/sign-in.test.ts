import { claimsOf } from '../../web/src/auth/claims';
import { authorizeUrl } from '../../web/src/auth/issuer';
import { proofKey, unguessable } from '../../web/src/auth/pkce';
import { keepPending, takeReturn } from '../../web/src/auth/redirect';

/** As much of a browser's storage as a sign-in uses. */
function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

const PENDING = { state: 'state-1', nonce: 'nonce-1', verifier: 'verifier-1', returnTo: '#/audit' };

describe('signing in', () => {
  test('the challenge is the one of RFC 7636, appendix B', async () => {
    const random = Uint8Array.from([
      116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214,
      191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ]);
    expect(await proofKey(random)).toEqual({
      verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    });
  });

  test('no two states are alike', () => {
    expect(new Set(Array.from({ length: 100 }, unguessable)).size).toBe(100);
  });

  test('the issuer is asked for a code, with a challenge and never with the verifier', () => {
    const url = new URL(
      authorizeUrl({
        config: {
          issuer: 'https://i.example',
          clientId: 'console',
          scopes: ['openid', 'profile'],
          signInOrigins: [],
          deployment: 'g',
          place: 'aws',
        },
        issuer: {
          issuer: 'https://i.example',
          authorize: 'https://i.example/authorize?tenant=a',
          token: 'https://i.example/token',
        },
        redirectUri: 'https://console.example/',
        challenge: 'challenge-1',
        state: 'state-1',
        nonce: 'nonce-1',
      }),
    );
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: 'a',
      response_type: 'code',
      client_id: 'console',
      redirect_uri: 'https://console.example/',
      scope: 'openid profile',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: 'challenge-1',
      code_challenge_method: 'S256',
    });
  });
});

describe('coming back from the issuer', () => {
  test('a page that is simply opened is no return, and leaves what is kept', () => {
    const storage = memoryStorage();
    keepPending(storage, PENDING);
    expect(takeReturn(storage, '')).toBeUndefined();
    expect(storage.length).toBe(1);
  });

  test('a code with the state that was asked with is taken, once', () => {
    const storage = memoryStorage();
    keepPending(storage, PENDING);
    expect(takeReturn(storage, '?code=abc&state=state-1')).toEqual({ code: 'abc', pending: PENDING });
    expect(storage.length).toBe(0);
    expect(() => takeReturn(storage, '?code=abc&state=state-1')).toThrow('does not belong');
  });

  test.each(['?code=abc&state=other', '?code=abc', '?error=access_denied&state=other'])(
    '%s, which answers another question, is refused and what was kept is gone',
    (search) => {
      const storage = memoryStorage();
      keepPending(storage, PENDING);
      expect(() => takeReturn(storage, search)).toThrow('does not belong');
      expect(storage.length).toBe(0);
    },
  );

  test('what the issuer says is passed on', () => {
    const storage = memoryStorage();
    keepPending(storage, PENDING);
    const search = '?error=access_denied&error_description=You+may+not&state=state-1';
    expect(() => takeReturn(storage, search)).toThrow('The issuer refused: You may not.');
  });
});

describe('the name in a token', () => {
  const tokenOf = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;

  test('is read whatever letters it has', () => {
    expect(claimsOf(tokenOf({ sub: '1', name: 'Žofia 漢' }))).toEqual({ subject: '1', name: 'Žofia 漢' });
  });

  test.each(['', 'opaque', 'a.b.c', tokenOf({ name: 'no subject' })])('of %j is nobody', (token) => {
    expect(claimsOf(token)).toBeUndefined();
  });
});
