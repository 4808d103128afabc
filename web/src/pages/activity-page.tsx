import type { ActivityView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { When } from '../app/marks';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';
import { byPart, type PartActivity, totalOf } from '../format/activity';

/** Hours that are looked back. */
const HOURS = 24;

/** What each part of Grace did, and what of it failed: the counts that the check of the audit log makes. */
export function ActivityPage() {
  const resource = useResource<readonly ActivityView[]>(PATHS.activity, { hours: HOURS });
  return (
    <Page
      title="Activity"
      description={`Changes of the last ${HOURS} hours by the part of Grace that made them, counted from the audit log every 15 minutes.`}
    >
      <Loaded resource={resource} what="the activity">
        {(hours) => (
          <>
            <PlainTable<PartActivity>
              title="Parts of Grace"
              items={byPart(hours)}
              keyOf={({ part }) => part}
              columns={[
                { id: 'part', header: 'Part', isRowHeader: true, cell: ({ part }) => part },
                {
                  id: 'entries',
                  header: 'Changes',
                  cell: ({ entries, failures }) => <Changes entries={entries} failures={failures} />,
                },
                {
                  id: 'failures',
                  header: 'Failures',
                  wide: true,
                  cell: ({ failures }) => <Failures count={failures} />,
                },
                {
                  id: 'last',
                  header: 'Last hour with any',
                  wide: true,
                  cell: ({ last }) => <When at={last} />,
                },
              ]}
              empty={{ title: 'Nothing was counted', text: 'Counts appear with the first check of the log.' }}
            />
            <PlainTable
              title="By the hour"
              items={[...hours].reverse()}
              keyOf={({ hour }) => hour}
              columns={[
                {
                  id: 'hour',
                  header: 'Hour from',
                  isRowHeader: true,
                  cell: ({ hour }) => <When at={`${hour}:00:00.000Z`} />,
                },
                {
                  id: 'entries',
                  header: 'Changes',
                  cell: ({ activity, failures }) => (
                    <Changes entries={totalOf(activity)} failures={totalOf(failures)} />
                  ),
                },
                {
                  id: 'failures',
                  header: 'Failures',
                  wide: true,
                  cell: ({ failures }) => <Failures count={totalOf(failures)} />,
                },
                {
                  id: 'parts',
                  header: 'By part',
                  wide: true,
                  cell: ({ activity }) =>
                    Object.entries(activity)
                      .map(([part, count]) => `${part} ${count}`)
                      .join(', '),
                },
              ]}
              empty={{ title: 'Nothing was counted', text: 'Counts appear with the first check of the log.' }}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** On a phone the failures stand with the changes that they are of. */
function Changes({ entries, failures }: { readonly entries: number; readonly failures: number }) {
  return (
    <>
      {entries}
      {failures > 0 && (
        <span className="narrow-only">
          <Indicator type="warning">{failures} failed</Indicator>
        </span>
      )}
    </>
  );
}

function Failures({ count }: { readonly count: number }) {
  return count === 0 ? <>0</> : <Indicator type="warning">{count}</Indicator>;
}
