import Link from '@cloudscape-design/components/link';
import type { TimelineEntry } from '../../../shared/contracts/api/contracts';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { By, Hash, When } from '../app/marks';
import { hrefOf } from '../app/router';

/** What happened, in the order of the audit log; each line is one entry of it. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <PlainTable
      title="Timeline"
      items={entries}
      keyOf={({ seq }) => String(seq)}
      columns={[
        { id: 'at', header: 'When', wide: true, cell: ({ at }) => <When at={at} /> },
        {
          id: 'event',
          header: 'What',
          isRowHeader: true,
          minWidth: 130,
          cell: ({ event, attributed, actor, inVoiceOf, at }) => (
            <>
              <span className="long">{event}</span>
              <div className="quiet narrow-only">
                <By actor={actor} inVoiceOf={inVoiceOf} />, <When at={at} />
              </div>
              {!attributed && (
                <div>
                  <Indicator type="warning">by nobody known</Indicator>
                </div>
              )}
            </>
          ),
        },
        { id: 'actor', header: 'By', wide: true, cell: (entry) => <By {...entry} /> },
        {
          id: 'reason',
          header: 'Why',
          minWidth: 110,
          cell: ({ reason }) => <span className="long">{reason}</span>,
        },
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
