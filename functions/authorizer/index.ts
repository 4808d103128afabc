import * as z from 'zod/mini';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { keysAt, tokenReader } from '../../shared/stores/token-reader';
import { authorize } from './authorizer';

const env = functionEnvironment('tokenIssuer', 'tokenAudience', 'tokenKeysUri', 'tokenRolesClaim');
const deps = {
  tokens: tokenReader(
    {
      issuer: env.tokenIssuer,
      audience: env.tokenAudience,
      // The SDK's own variable for emulators.
      jwksUri: keysAt(env.tokenKeysUri, process.env.AWS_ENDPOINT_URL),
      rolesClaim: env.tokenRolesClaim,
    },
    { clock: systemClock },
  ),
};

export const handler = taskHandler({
  ...observers('authorizer'),
  input: z.object({ authorizationToken: z.optional(z.string()), methodArn: z.string() }),
  run: (input) => authorize(input, deps),
});
