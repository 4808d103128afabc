import { Change } from '../contracts/change';
import { readCompiledPlaybooks } from '../contracts/compiled-playbooks';
import { compilePatterns, type Diagnose, type LoadedPlaybook } from '../domain/diagnosis';
import { playbookKey } from '../domain/keys';
import { FUNCTIONS } from '../names';
import type { Clock } from '../ports/clock';
import type { Table } from '../ports/table';
import { currentVersions } from './current-playbooks';
import { StoreRequestError } from './errors';

/** The current playbooks, ready to diagnose with. */
export interface PlaybookLibrary {
  readonly playbooks: readonly LoadedPlaybook[];
  readonly diagnose: Diagnose;
}

/** What one function instance remembers from call to call. */
export interface PlaybookCache {
  /** Versions never change, so they are read once. */
  readonly versions: Map<string, LoadedPlaybook>;
  library: PlaybookLibrary | undefined;
  /** Which versions the library is made of. */
  made: string;
  /** Milliseconds since 1970. */
  readAt: number;
}

/** How old the list of current versions may be, milliseconds: a pushed playbook is in use by then. */
export const FRESH_MS = 30_000;

export function playbookCache(): PlaybookCache {
  return { versions: new Map(), library: undefined, made: '', readAt: Number.NEGATIVE_INFINITY };
}

/**
 * The current playbooks as the state table has them. Costs one query of the index when the list is stale,
 * and one read for each version that was not seen before.
 */
export async function currentLibrary(
  table: Table,
  clock: Clock,
  cache: PlaybookCache,
): Promise<PlaybookLibrary> {
  const now = clock.now();
  if (cache.library !== undefined && now - cache.readAt < FRESH_MS) return cache.library;
  const current = await currentVersions(table);
  const made = current.map(({ name, version }) => `${name}#${version}`).join('\n');
  if (cache.library === undefined || made !== cache.made) {
    const playbooks: LoadedPlaybook[] = [];
    for (const { name, version } of current) playbooks.push(await versionOf(table, name, version, cache));
    cache.library = { playbooks, diagnose: compilePatterns(playbooks) };
    cache.made = made;
  }
  cache.readAt = now;
  return cache.library;
}

async function versionOf(
  table: Table,
  name: string,
  version: string,
  cache: PlaybookCache,
): Promise<LoadedPlaybook> {
  const known = cache.versions.get(version);
  if (known !== undefined) return known;
  const item = await table.get(playbookKey(name, version));
  const source = item?.['source'];
  if (typeof source !== 'string') throw new StoreRequestError(`playbook ${name} has no version ${version}`);
  const [read] = readCompiledPlaybooks([{ name, version, playbook: JSON.parse(source) }]);
  if (read === undefined) throw new StoreRequestError(`playbook ${name}, version ${version}, cannot be read`);
  const { actor } = Change.parse(item?.['change']);
  const loaded = actor === FUNCTIONS.bootstrap ? read : { ...read, publishedBy: actor };
  cache.versions.set(version, loaded);
  return loaded;
}
