import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { ParliamentView } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { ContractLink, StatusMark, When, Who } from '../app/marks';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';
import { percent } from '../format/names';
import { STATUS_WORDS, type Status } from '../format/status';

/** Votes on tier 3 actions. */
export function ParliamentPage() {
  const resource = useResource<ParliamentView>(PATHS.parliament);
  return (
    <Page
      title="Parliament"
      description="Votes on tier 3 actions, which take several people: who took part, and how it ended."
    >
      <Loaded resource={resource} what="the votes">
        {({ sessions, members, outcomes }) => (
          <>
            <Container>
              <KeyValuePairs
                columns={4}
                items={[
                  { label: 'Votes held', value: sessions.length },
                  {
                    label: 'Participation',
                    value:
                      sessions.length === 0 ? '–' : percent(mean(sessions.map((one) => one.participation))),
                  },
                  ...Object.entries(outcomes).map(([status, count]) => ({
                    label: STATUS_WORDS[status as Status]?.label ?? status,
                    value: count,
                  })),
                ]}
              />
            </Container>
            <PlainTable
              title="Votes"
              items={sessions}
              keyOf={({ contractId }) => contractId}
              columns={[
                {
                  id: 'contract',
                  header: 'Contract',
                  isRowHeader: true,
                  cell: (one) => <ContractLink id={one.contractId} />,
                },
                {
                  id: 'status',
                  header: 'How it ended',
                  wide: true,
                  cell: ({ status }) => <StatusMark status={status} />,
                },
                {
                  id: 'votes',
                  header: 'Votes',
                  cell: ({ status, approvals, denials, quorum, participation, eligible }) => (
                    <>
                      <div className="narrow-only">
                        <StatusMark status={status} />
                      </div>
                      {`${approvals} for, ${denials} against; ${quorum} needed`}
                      <div className="narrow-only quiet">
                        {percent(participation)} of {eligible} took part
                      </div>
                    </>
                  ),
                },
                {
                  id: 'participation',
                  header: 'Took part',
                  wide: true,
                  cell: ({ participation, eligible }) => `${percent(participation)} of ${eligible}`,
                },
                { id: 'playbook', header: 'Playbook', wide: true, cell: ({ playbook }) => playbook },
                {
                  id: 'at',
                  header: 'Asked',
                  wide: true,
                  cell: ({ requestedAt }) => <When at={requestedAt} />,
                },
              ]}
              empty={{ title: 'No votes yet', text: 'No tier 3 action has been proposed.' }}
            />
            <PlainTable
              title="Members"
              items={members}
              keyOf={({ subject }) => subject}
              columns={[
                {
                  id: 'who',
                  header: 'Who',
                  isRowHeader: true,
                  cell: ({ subject }) => <Who subject={subject} />,
                },
                { id: 'asked', header: 'Asked', wide: true, cell: ({ asked }) => asked },
                {
                  id: 'voted',
                  header: 'Voted',
                  cell: ({ voted, asked }) => (
                    <>
                      {voted}
                      <span className="narrow-only quiet">of {asked}</span>
                    </>
                  ),
                },
                { id: 'share', header: 'Participation', cell: ({ participation }) => percent(participation) },
              ]}
              empty={{ title: 'Nobody was asked yet', text: 'Members appear with the first vote.' }}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const mean = (shares: readonly number[]): number =>
  shares.reduce((sum, share) => sum + share, 0) / shares.length;
