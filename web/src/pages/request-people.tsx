import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ApprovalView } from '../../../shared/contracts/api/contracts';
import { Indicator } from '../app/indicator';
import { When, Who } from '../app/marks';

/** Who may decide, who has, who must not, and how many are needed. */
export function RequestPeople({ approval }: { readonly approval: ApprovalView }) {
  const { votes, eligible, excluded, quorum, approvals } = approval;
  const voted = new Set(votes.map(({ subject }) => subject));
  const open = eligible.filter((subject) => !voted.has(subject) && !excluded.includes(subject));
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${approvals} of ${quorum})`}
          description={
            approval.brokenBy !== null
              ? 'Approved by one person in an emergency; somebody else reviews it.'
              : `${quorum === 1 ? 'One person' : `${quorum} different people`} must agree; one denial closes the request.`
          }
        >
          Who decides
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ul className="plain-list marks" aria-label="Decisions so far">
          {votes.map(({ subject, decision, at, reason, by }) => (
            <li key={subject}>
              <Indicator type={decision === 'approve' ? 'success' : 'error'}>
                <Who subject={subject} /> {decision === 'approve' ? 'agreed' : 'denied'}
                {by !== null && (
                  <>
                    {' '}
                    through <Who subject={by} />
                  </>
                )}
              </Indicator>{' '}
              <When at={at} />
              {reason !== '' && <div className="quote">{reason}</div>}
            </li>
          ))}
          {open.map((subject) => (
            <li key={subject}>
              <Indicator type="pending">
                <Who subject={subject} /> may decide
              </Indicator>
            </li>
          ))}
          {excluded.map((subject) => (
            <li key={subject}>
              <Indicator type="not-started">
                <Who subject={subject} /> has no vote: proposed it, requested it, or wrote the rule
              </Indicator>
            </li>
          ))}
        </ul>
      </SpaceBetween>
    </Container>
  );
}
