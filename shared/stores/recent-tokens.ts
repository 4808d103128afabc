import type { Write } from '../ports/table';
import { StoreRequestError } from './errors';

/** How long DynamoDB remembers the token of a transaction, in milliseconds. */
const REMEMBERED_MS = 10 * 60 * 1000;

/** The transactions that succeeded in the last ten minutes, by token. */
export interface RecentTokens {
  /**
   * Whether these writes were done under this token.
   * @throws StoreRequestError when other writes were
   */
  has(token: string, writes: readonly Write[], now: number): boolean;
  remember(token: string, writes: readonly Write[], now: number): void;
}

export function recentTokens(): RecentTokens {
  const done = new Map<string, { readonly request: string; readonly until: number }>();
  return {
    has: (token, writes, now) => {
      const earlier = done.get(token);
      if (earlier === undefined || earlier.until <= now) return false;
      if (earlier.request === requestText(writes)) return true;
      throw new StoreRequestError(`IdempotentParameterMismatch: token ${token} was used for other writes`);
    },
    remember: (token, writes, now) => {
      for (const [old, { until }] of done) {
        if (until > now) break;
        done.delete(old);
      }
      done.delete(token);
      done.set(token, { request: requestText(writes), until: now + REMEMBERED_MS });
    },
  };
}

/** The same text for the same writes, whatever the order of names in maps and of members in sets. */
function requestText(writes: readonly Write[]): string {
  return JSON.stringify(writes.map(ordered));
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Set) return { set: [...value].sort() };
  if (Array.isArray(value)) return value.map(ordered);
  const pairs = Object.entries(value).filter(([, part]) => part !== undefined);
  return { map: pairs.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, ordered(part)]) };
}
