import { accessTokenOf, type EmulatorPool } from '../emulator/user-pool';
import { NothingThereError } from '../errors';
import { DEV_PEOPLE } from '../serve/dev-people';

/**
 * An access token of somebody in the user pool of an emulator's stack.
 * @throws NothingThereError when the pool knows nobody of that name
 */
export async function emulatorToken(pool: EmulatorPool, name: string): Promise<string> {
  const token = await accessTokenOf(pool, name);
  if (token !== undefined) return token;
  const people = DEV_PEOPLE.map((person) => person.name).join(', ');
  throw new NothingThereError(`the stack's user pool knows no ${name}; \`npm run up\` makes ${people}`);
}
