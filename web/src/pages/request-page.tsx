import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ApprovalDetail } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { useMe, useRole } from '../app/deployment';
import { ExpiryClock } from '../app/expiry-clock';
import { Loaded } from '../app/loaded';
import { ContractLink, StatusMark, Who } from '../app/marks';
import { Page } from '../app/page';
import { useIsOver } from '../app/use-now';
import { useResource } from '../app/use-resource';
import { summaryWords } from '../format/names';
import { STATUS_WORDS, TIER_WORDS } from '../format/status';
import { PlanChanges, PlanEvidence, PlanExpected, PlanIdentity, UndoMark } from './plan-view';
import { type Decision, DecisionDialog } from './request-decision';
import { RequestPeople } from './request-people';
import { useRequestNews } from './use-request-news';

/** One request: everything that a decision needs on one page. */
export function RequestPage({ id }: { readonly id: string }) {
  const resource = useResource<ApprovalDetail>(PATHS.approval(id));
  const title = summaryWords(resource.data?.summary ?? 'Request for approval');
  return (
    <Page title={title} description={<>Contract {id}</>}>
      <Loaded resource={resource} what="the request">
        {(request) => <Request request={request} reload={resource.reload} />}
      </Loaded>
    </Page>
  );
}

interface RequestProps {
  readonly request: ApprovalDetail;
  readonly reload: () => void;
}

function Request({ request, reload }: RequestProps) {
  const { contract, approval, mine, plan } = request;
  const [deciding, setDeciding] = useState<{ decision: Decision; planHash: string }>();
  const { changedFrom, acknowledge } = useRequestNews(request);
  const closed = useClosed(request);
  const { replanning } = approval;
  const changed = deciding !== undefined && deciding.planHash !== approval.planHash;
  const decide = (decision: Decision) => setDeciding({ decision, planHash: approval.planHash });

  return (
    <SpaceBetween size="l">
      {closed !== undefined && (
        <Alert
          type={contract.status === 'approved' ? 'success' : 'info'}
          header={closed}
          statusIconAriaLabel="Closed"
        >
          {STATUS_WORDS[contract.status].means} How it goes on: <ContractLink id={contract.contractId} />
        </Alert>
      )}
      {replanning && (
        <Alert type="info" header="A fresh plan is being made" statusIconAriaLabel="Information">
          Nobody can decide until it is here. It appears by itself.
        </Alert>
      )}
      {changedFrom !== undefined && (
        <Alert
          type="warning"
          header="The plan changed while you were reading"
          statusIconAriaLabel="Warning"
          action={<Button onClick={acknowledge}>I have read the new plan</Button>}
        >
          Earlier votes no longer count. Below is the plan as it is now.
        </Alert>
      )}
      <Container>
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={4}
            items={[
              { label: 'Where it stands', value: <StatusMark status={contract.status} /> },
              { label: 'Time left to decide', value: <ExpiryClock at={approval.expiresAt} spoken /> },
              { label: 'Can it be undone?', value: plan === null ? '–' : <UndoMark undo={plan.undo} /> },
              { label: 'Tier', value: TIER_WORDS[contract.tier] },
              { label: 'Playbook', value: contract.playbook },
              { label: 'Proposed by', value: <Who subject={approval.proposer} /> },
            ]}
          />
          {closed === undefined && (
            <SpaceBetween size="s">
              <Verdicts mine={mine} disabled={replanning || changedFrom !== undefined} decide={decide} />
              <Powers request={request} disabled={replanning || changedFrom !== undefined} decide={decide} />
            </SpaceBetween>
          )}
        </SpaceBetween>
      </Container>
      {plan !== null && <PlanChanges plan={plan} title="What will change" />}
      <ColumnLayout columns={2}>
        {plan !== null && <PlanExpected plan={plan} />}
        <RequestPeople approval={approval} open={closed === undefined} />
      </ColumnLayout>
      {plan !== null && <PlanEvidence plan={plan} />}
      {plan !== null && (
        <Container>
          <PlanIdentity plan={plan} />
        </Container>
      )}
      {deciding !== undefined && (
        <DecisionDialog
          key={deciding.planHash}
          decision={deciding.decision}
          request={request}
          blocked={
            closed ?? (changed || replanning ? 'The plan changed. Close this and read it again.' : undefined)
          }
          onDone={reload}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </SpaceBetween>
  );
}

/** Why nothing can be decided any more; `undefined` = it can. */
function useClosed({ contract, approval }: ApprovalDetail): string | undefined {
  const isOver = useIsOver(Date.parse(approval.expiresAt));
  if (contract.status !== 'awaiting_approval') {
    return `This request is closed: ${STATUS_WORDS[contract.status].label.toLowerCase()}`;
  }
  // The reaper has not said so yet; a vote would be refused already.
  return isOver ? 'This request has expired' : undefined;
}

interface VerdictsProps {
  readonly mine: ApprovalDetail['mine'];
  readonly disabled: boolean;
  readonly decide: (decision: Decision) => void;
}

function Verdicts({ mine, disabled, decide }: VerdictsProps) {
  if (mine.voted === 'approve') {
    return (
      <SpaceBetween size="s" direction="horizontal" alignItems="center">
        <span>You agreed.</span>
        <Button onClick={() => decide('withdraw')}>Withdraw my vote</Button>
        <Button onClick={() => decide('deny')}>Deny after all</Button>
      </SpaceBetween>
    );
  }
  if (mine.excluded) {
    return <div>You have no vote here: you proposed this, requested it, or wrote the rule behind it.</div>;
  }
  if (!mine.mayDecide) return <div>You are not asked to decide about this one.</div>;
  return (
    <SpaceBetween size="s" direction="horizontal" alignItems="center">
      {mine.speaksFor !== null && (
        <span>
          You speak for <Who subject={mine.speaksFor} />.
        </span>
      )}
      <Button variant="primary" disabled={disabled} onClick={() => decide('approve')}>
        Approve…
      </Button>
      <Button disabled={disabled} onClick={() => decide('deny')}>
        Deny…
      </Button>
    </SpaceBetween>
  );
}

interface PowersProps extends Omit<VerdictsProps, 'mine'> {
  readonly request: ApprovalDetail;
}

/** What a role, or having asked for it, allows apart from the decision that everybody is asked for. */
function Powers({ request: { mine, plan }, disabled, decide }: PowersProps) {
  const me = useMe();
  const isAdministrator = useRole('administrator');
  const asked = me !== undefined && plan?.requestedBy.includes(me.subject) === true;
  const mayBreakGlass = useRole('emergency') && !mine.excluded;
  const mayCancel = isAdministrator || asked;
  const mayReplan = mayCancel || mine.mayDecide || mine.voted !== null;
  if (!mayReplan && !mayBreakGlass) return null;
  return (
    <SpaceBetween size="s" direction="horizontal">
      {mayBreakGlass && (
        <Button disabled={disabled} onClick={() => decide('break-glass')}>
          Break the glass…
        </Button>
      )}
      {mayReplan && (
        <Button disabled={disabled} onClick={() => decide('replan')}>
          Ask for a fresh plan…
        </Button>
      )}
      {mayCancel && <Button onClick={() => decide('cancel')}>Cancel the request…</Button>}
    </SpaceBetween>
  );
}
