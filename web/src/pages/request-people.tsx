import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ApprovalView } from '../../../shared/contracts/api/contracts';
import { Indicator } from '../app/indicator';
import { When, Who } from '../app/marks';

interface RequestPeopleProps {
  readonly approval: ApprovalView;
  /** It can still be decided. */
  readonly open: boolean;
}

/** Who may decide, who has, who must not, and how many are needed. */
export function RequestPeople({ approval, open: isOpen }: RequestPeopleProps) {
  const { votes, eligible, excluded, quorum, approvals } = approval;
  const voted = new Set(votes.map(({ subject }) => subject));
  // The playbook that proposed it is no person whom anybody would expect to vote.
  const people = excluded.filter((subject) => !subject.startsWith('playbook:'));
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
              <Indicator type={isOpen ? 'pending' : 'stopped'}>
                <Who subject={subject} /> {isOpen ? 'may decide' : 'was asked'}
              </Indicator>
            </li>
          ))}
          {people.map((subject) => (
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
