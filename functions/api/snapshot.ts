import type { SnapshotDetail } from '../../shared/contracts/api/contracts';
import { SnapshotManifest } from '../../shared/contracts/state-items';
import { sha256Hex } from '../../shared/domain/digest';
import { targetKey } from '../../shared/domain/target';
import type { Listings } from '../../shared/ports/listings';
import type { Evidence } from '../../shared/ports/outside';
import { notFound, type Refused, refused } from './answer';
import { snapshotItem, timeOf } from './contract-view';

export type FoundSnapshot = {
  readonly ok: true;
  readonly manifest: SnapshotManifest;
  readonly hash: string;
  readonly takenAt: number;
  readonly intact: boolean;
};

/** Where rows and documents of snapshots are. */
interface SnapshotDeps {
  readonly listings: Pick<Listings, 'rows'>;
  readonly evidence: Pick<Evidence, 'get'>;
}

/** A snapshot with its document, whether or not that is still what its hash says. */
export async function snapshotOf(
  contractId: string,
  n: number,
  deps: SnapshotDeps,
): Promise<FoundSnapshot | Refused> {
  const rows = await deps.listings.rows(contractId, `SNAPSHOT#${n}`);
  const row = rows.find(({ sk }) => sk === `SNAPSHOT#${n}`);
  if (row === undefined) return notFound(`snapshot ${n} of contract ${contractId}`);
  const { name, hash, takenAt } = snapshotItem(row);
  const text = await deps.evidence.get(name);
  if (text === undefined) return refused('SNAPSHOT_UNREADABLE', 'its document is not where it was kept');
  const manifest = SnapshotManifest.safeParse(parsed(text));
  if (!manifest.success) return refused('SNAPSHOT_UNREADABLE', 'its document is no snapshot');
  return { ok: true, manifest: manifest.data, hash, takenAt, intact: sha256Hex(text) === hash };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function snapshotDetail(
  contractId: string,
  n: number,
  { manifest, hash, takenAt, intact }: FoundSnapshot,
): SnapshotDetail {
  const targets = manifest.targets.map(({ target, tags, facts }) => ({
    target: targetKey(target),
    tags,
    facts,
  }));
  return { contractId, n, hash, takenAt: timeOf(takenAt), targets, intact };
}
