import Link from '@cloudscape-design/components/link';
import type { TimelineEntry } from '../../../shared/contracts/api/contracts';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Hash, When, Who } from '../app/marks';
import { hrefOf } from '../app/router';

/** What happened, in the order of the audit log; each line is one entry of it. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <PlainTable
      title="Timeline"
      items={entries}
      keyOf={({ seq }) => String(seq)}
      columns={[
        { id: 'at', header: 'When', cell: ({ at }) => <When at={at} /> },
        {
          id: 'event',
          header: 'What',
          isRowHeader: true,
          cell: ({ event, attributed }) => (
            <>
              {event}
              {!attributed && (
                <div>
                  <Indicator type="warning">by nobody known</Indicator>
                </div>
              )}
            </>
          ),
        },
        { id: 'actor', header: 'By', cell: ({ actor }) => <Who subject={actor} /> },
        { id: 'reason', header: 'Why', cell: ({ reason }) => reason },
        {
          id: 'seq',
          header: 'Audit entry',
          wide: true,
          cell: ({ seq, link }) => (
            <>
              <Link href={hrefOf('audit', String(seq))}>{seq}</Link> <Hash value={link} />
            </>
          ),
        },
      ]}
      empty={{ title: 'Nothing in the log yet', text: 'Entries follow a change within a second or two.' }}
    />
  );
}
