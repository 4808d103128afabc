/** Who signed in, to be shown. The API decides by the token's signature; nothing here is trusted for anything. */
export interface Claims {
  readonly subject: string;
  readonly name: string;
  readonly nonce?: string;
}

/** Reads a token's claims without checking it; `undefined` = not a JSON web token. */
export function claimsOf(token: string): Claims | undefined {
  const body = token.split('.')[1];
  if (body === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(body.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const text = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string) : undefined);
    const subject = text('sub');
    if (subject === undefined) return undefined;
    const nonce = text('nonce');
    return {
      subject,
      name: text('name') ?? text('username') ?? text('cognito:username') ?? text('email') ?? subject,
      ...(nonce === undefined ? {} : { nonce }),
    };
  } catch {
    // Whatever it is, the API will say whether it takes it.
    return undefined;
  }
}
