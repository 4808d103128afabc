import Link from '@cloudscape-design/components/link';
import type { LearningStats, Recommendations } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';
import { percent } from '../format/names';

const ADVICE = {
  trust: { kind: 'success', label: 'Helps' },
  gather_evidence: { kind: 'pending', label: 'Too little is known' },
  review: { kind: 'warning', label: 'Look at it again' },
} as const;

/** How well the playbooks do. */
export function LearningPage() {
  const recommendations = useResource<Recommendations>(PATHS.recommendations);
  const stats = useResource<LearningStats>(PATHS.stats);
  return (
    <Page title="Learning" description="How often each playbook helped, and how sure that is.">
      <Loaded resource={recommendations} what="the recommendations">
        {({ recommendations: rows }) => (
          <PlainTable
            title="Recommendations"
            items={rows}
            keyOf={({ playbook }) => playbook}
            columns={[
              {
                id: 'playbook',
                header: 'Playbook',
                isRowHeader: true,
                cell: ({ playbook }) => <PlaybookLink name={playbook} />,
              },
              {
                id: 'advice',
                header: 'Advice',
                cell: ({ advice }) => (
                  <Indicator type={ADVICE[advice].kind}>{ADVICE[advice].label}</Indicator>
                ),
              },
              {
                id: 'helped',
                header: 'Helped',
                cell: ({ mean, low, high }) => `${percent(mean)} (${percent(low)} to ${percent(high)})`,
              },
              {
                id: 'evidence',
                header: 'Evidence',
                wide: true,
                cell: ({ successes, failures }) => `${successes} of ${successes + failures}`,
              },
              { id: 'why', header: 'Why', wide: true, cell: ({ why }) => why },
            ]}
            empty={{ title: 'No recommendations yet', text: 'They need contracts that have ended.' }}
          />
        )}
      </Loaded>
      <Loaded resource={stats} what="the outcomes">
        {({ playbooks }) => (
          <PlainTable
            title="Outcomes"
            items={playbooks}
            keyOf={({ playbook }) => playbook}
            columns={[
              {
                id: 'playbook',
                header: 'Playbook',
                isRowHeader: true,
                cell: ({ playbook }) => <PlaybookLink name={playbook} />,
              },
              {
                id: 'resolved',
                header: 'Resolved',
                cell: ({ resolved, rolledBack, needsPerson }) => (
                  <>
                    {resolved}
                    <div className="narrow-only quiet">
                      {rolledBack} rolled back, {needsPerson} needed a person
                    </div>
                  </>
                ),
              },
              { id: 'back', header: 'Rolled back', wide: true, cell: ({ rolledBack }) => rolledBack },
              { id: 'person', header: 'Needed a person', wide: true, cell: ({ needsPerson }) => needsPerson },
              { id: 'not', header: 'Not taken', wide: true, cell: ({ notTaken }) => notTaken },
              {
                id: 'ten',
                header: 'Last ten',
                wide: true,
                cell: ({ lastTen }) => <LastTen outcomes={lastTen} />,
              },
            ]}
            empty={{ title: 'No outcomes yet', text: 'Each contract that ends is counted once.' }}
          />
        )}
      </Loaded>
    </Page>
  );
}

function PlaybookLink({ name }: { readonly name: string }) {
  return <Link href={`#/contracts?playbook=${encodeURIComponent(name)}`}>{name}</Link>;
}

/** Newest last. */
function LastTen({ outcomes }: { readonly outcomes: string }) {
  if (outcomes === '') return <>–</>;
  const helped = [...outcomes].filter((outcome) => outcome === '1').length;
  return (
    <>
      <span className="visually-hidden">{`${helped} of the last ${outcomes.length} helped`}</span>
      <span aria-hidden="true" title="newest last">
        {[...outcomes].map((outcome) => (outcome === '1' ? '✓' : '✗')).join(' ')}
      </span>
    </>
  );
}
