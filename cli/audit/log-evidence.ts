import type { ChainHead } from '../../shared/domain/audit-chain';
import { entryLink, type StoredEntry } from '../../shared/domain/audit-entry';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { isCheckpointName, KEYS } from '../../shared/domain/tlog/seal-layout';
import { readableEntries } from '../../shared/domain/tlog/tile-bytes';
import { parseTilePath, TILE_WIDTH, type TileName, tilePath } from '../../shared/domain/tlog/tile-path';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Checkpoints, SealedArchive } from '../../shared/ports/audit-seal';

/** Everything at hand about one log, wherever it lies. */
export interface LogEvidence {
  /** What the log says that it ends with; sealed copies say it by their checkpoints only. */
  readonly head?: ChainHead;
  readonly entries: AsyncIterable<StoredEntry>;
  /** Signed notes, in any order. */
  readonly checkpoints: readonly string[];
  /** Verifier keys that came with the log: the operator's word. */
  readonly keys: readonly string[];
  readonly sealed?: SealedArchive;
}

/** Checkpoints of the table that are looked at; those behind them are covered by them. */
const MOST_CHECKPOINTS = 1_000;

export interface LiveLog {
  readonly log: AuditLog;
  /** Checkpoints as they stand in the table. */
  readonly checkpoints?: Checkpoints;
  readonly sealed?: SealedArchive;
}

/** A log in its table, with the sealed copies that there are of it. */
export async function liveEvidence({ log, checkpoints, sealed }: LiveLog): Promise<LogEvidence> {
  const head = await log.head();
  const signed = await signedPart(sealed);
  const rows = (await checkpoints?.list(MOST_CHECKPOINTS)) ?? [];
  return {
    head,
    entries: entriesOf(log, head),
    keys: signed.keys,
    checkpoints: [...new Set([...signed.checkpoints, ...rows.map(({ note }) => note)])],
    ...(sealed === undefined ? {} : { sealed }),
  };
}

async function* entriesOf(log: AuditLog, head: ChainHead): AsyncIterable<StoredEntry> {
  yield* log.entries(0, head.size);
  // A row where the head has not been yet was not written by the sequencer; of a moved head it is the next entry.
  for await (const beyond of log.entries(head.size, head.size + 1)) {
    if ((await log.head()).size === head.size) yield beyond;
  }
}

/** Sealed copies alone: the entries are those of the bundles. */
export async function sealedEvidence(sealed: SealedArchive): Promise<LogEvidence> {
  const widest = new Map<number, TileName>();
  for await (const name of tileNames(sealed)) {
    const known = widest.get(name.index);
    if (name.level === 'entries' && (known === undefined || known.width < name.width))
      widest.set(name.index, name);
  }
  return { entries: entriesOfBundles(sealed, widest), ...(await signedPart(sealed)), sealed };
}

async function* entriesOfBundles(
  sealed: SealedArchive,
  bundles: ReadonlyMap<number, TileName>,
): AsyncIterable<StoredEntry> {
  for (let index = 0; bundles.has(index); index += 1) {
    const bytes = await sealed.read(tilePath(bundles.get(index) as TileName));
    const entries = readableEntries(bytes ?? new Uint8Array());
    for (const [n, entry] of entries.entries()) {
      yield { seq: index * TILE_WIDTH + n, bytes: entry, link: entryLink(entry) };
    }
    // After a bundle that is not full, or not whole, nothing is in its place.
    if (entries.length < TILE_WIDTH) return;
  }
}

/** Tiles and bundles among the objects; what is no tile is not ours to judge. */
export async function* tileNames(sealed: SealedArchive): AsyncIterable<TileName> {
  for await (const name of sealed.names()) {
    const tile = tileOfPath(name);
    if (tile !== undefined) yield tile;
  }
}

function tileOfPath(name: string): TileName | undefined {
  try {
    return parseTilePath(name);
  } catch (error) {
    if (error instanceof TlogFormatError) return undefined;
    throw error;
  }
}

/** What is signed of a log, and the keys that lie beside it. */
export async function signedPart(
  sealed: SealedArchive | undefined,
): Promise<Pick<LogEvidence, 'checkpoints' | 'keys'>> {
  if (sealed === undefined) return { checkpoints: [], keys: [] };
  const checkpoints = new Set<string>();
  for await (const name of sealed.names()) {
    if (isCheckpointName(name)) checkpoints.add(await textOf(sealed, name));
  }
  const keys = (await textOf(sealed, KEYS)).split('\n').filter((line) => line !== '');
  return { checkpoints: [...checkpoints], keys };
}

async function textOf(sealed: SealedArchive, name: string): Promise<string> {
  return Buffer.from((await sealed.read(name)) ?? []).toString('utf8');
}
