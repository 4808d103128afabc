import Link from '@cloudscape-design/components/link';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { ApprovalRow } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { useDeployment } from '../app/deployment';
import { ExpiryClock } from '../app/expiry-clock';
import { ListTable } from '../app/list-table';
import { Ago } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf, replaceQuery, usePlace } from '../app/router';
import { useList } from '../app/use-list';
import { shortSubject, summaryWords } from '../format/names';

/** Requests that wait for people: the reader's own first. */
export function WaitingPage() {
  const all = usePlace().query.get('show') === 'all';
  const list = useList<ApprovalRow>(PATHS.approvals, { mine: all ? undefined : 'true' });
  const mode = useDeployment().status.data?.mode;
  return (
    <Page
      title="Waiting for me"
      description="Actions that Grace proposes and does not take without people. Nothing happens until you decide; undecided requests expire."
    >
      <ListTable
        title={all ? 'All open requests' : 'Requests for your decision'}
        list={list}
        keyOf={({ contract }) => contract.contractId}
        filter={
          <SegmentedControl
            label="Which requests"
            selectedId={all ? 'all' : 'mine'}
            onChange={({ detail }) => replaceQuery({ show: detail.selectedId === 'all' ? 'all' : undefined })}
            options={[
              { id: 'mine', text: 'For me' },
              { id: 'all', text: 'All open' },
            ]}
          />
        }
        columns={[
          {
            id: 'summary',
            header: 'What Grace wants to do',
            isRowHeader: true,
            minWidth: 160,
            cell: ({ contract, summary }) => (
              <Link href={hrefOf('approvals', contract.contractId)}>{summaryWords(summary)}</Link>
            ),
          },
          {
            id: 'left',
            header: 'Time left',
            cell: ({ approval }) => <ExpiryClock at={approval.expiresAt} />,
          },
          {
            id: 'votes',
            header: 'Agreed',
            wide: true,
            cell: ({ approval }) => `${approval.approvals} of ${approval.quorum}`,
          },
          { id: 'mine', header: 'You', wide: true, cell: ({ mine }) => standing(mine) },
          { id: 'tier', header: 'Tier', wide: true, cell: ({ contract }) => contract.tier },
          {
            id: 'asked',
            header: 'Asked',
            wide: true,
            cell: ({ approval }) => <Ago at={approval.requestedAt} />,
          },
        ]}
        empty={
          all
            ? { title: 'No open requests', text: 'Nothing waits for anybody.' }
            : {
                title: 'Nothing waits for you',
                text:
                  mode === 'observe'
                    ? 'Grace runs in observe mode: it only says what it would do, and asks nobody.'
                    : 'New requests appear here by themselves.',
              }
        }
      />
    </Page>
  );
}

/** What the reader is to a request, in a word or two. */
function standing({ mayDecide, excluded, voted, speaksFor }: ApprovalRow['mine']): string {
  if (voted !== null) return voted === 'approve' ? 'agreed' : 'denied';
  if (excluded) return 'no vote';
  if (!mayDecide) return 'not asked';
  return speaksFor === null ? 'to decide' : `to decide for ${shortSubject(speaksFor)}`;
}
