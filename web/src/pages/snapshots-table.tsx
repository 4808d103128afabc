import Link from '@cloudscape-design/components/link';
import type { SnapshotRow } from '../../../shared/contracts/api/contracts';
import { PlainTable } from '../app/list-table';
import { Hash, When } from '../app/marks';
import { hrefOf } from '../app/router';

/** States that were kept before anything was done. */
export function SnapshotsTable({ snapshots }: { readonly snapshots: readonly SnapshotRow[] }) {
  return (
    <PlainTable
      title="Snapshots taken before"
      items={snapshots}
      keyOf={({ n }) => String(n)}
      columns={[
        {
          id: 'n',
          header: 'Snapshot',
          isRowHeader: true,
          cell: ({ contractId, n }) => (
            <Link href={hrefOf('contracts', contractId, 'snapshots', String(n))}>Snapshot {n + 1}</Link>
          ),
        },
        { id: 'at', header: 'Taken', cell: ({ takenAt }) => <When at={takenAt} /> },
        { id: 'hash', header: 'Hash', wide: true, cell: ({ hash }) => <Hash value={hash} /> },
      ]}
      empty={{ title: 'No snapshots', text: 'None was needed.' }}
    />
  );
}
