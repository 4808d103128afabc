import type { TokenReader } from '../../shared/ports/api';

export interface AuthorizerInput {
  /** The header `Authorization`, as it came; `undefined` = there was none. */
  readonly authorizationToken?: string | undefined;
  /** ARN of what is called: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. */
  readonly methodArn: string;
}

/** What API Gateway takes from a Lambda authorizer; values of the context are text. */
export interface Authorization {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string },
    ];
  };
  /** Of a person: `subject`, `roles` separated by spaces, `authenticatedAt`, `expiresAt` (seconds since 1970). Else: `code`, what is wrong with the token. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Who calls, by their access token. The answer holds for every method of the stage, since API Gateway keeps it for a
 * minute; what a person may call the API decides by their roles, and whether they still have them at each write.
 */
export async function authorize(
  { authorizationToken, methodArn }: AuthorizerInput,
  { tokens }: { readonly tokens: TokenReader },
): Promise<Authorization> {
  const stage = methodArn.split('/').slice(0, 2).join('/');
  const answer = (effect: 'Allow' | 'Deny', principalId: string, context: Authorization['context']) => ({
    principalId,
    policyDocument: {
      Version: '2012-10-17' as const,
      Statement: [{ Action: 'execute-api:Invoke' as const, Effect: effect, Resource: `${stage}/*` }] as const,
    },
    context,
  });
  const token = /^Bearer ([^\s]+)$/i.exec(authorizationToken ?? '')?.[1];
  if (token === undefined) {
    const code = authorizationToken === undefined ? 'TOKEN_MISSING' : 'TOKEN_MALFORMED';
    return answer('Deny', 'nobody', { code });
  }
  const reading = await tokens.read(token);
  if (!reading.ok) return answer('Deny', 'nobody', { code: reading.code });
  const { subject, roles, authenticatedAt } = reading.person;
  return answer('Allow', subject, {
    subject,
    expiresAt: String(Math.floor(reading.expiresAt)),
    roles: roles.join(' '),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt: String(authenticatedAt) }),
  });
}
