import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ContractDetail, RestoreAnswer } from '../../../shared/contracts/api/contracts';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { useRole } from '../app/deployment';
import { Loaded } from '../app/loaded';
import { StatusMark, VerdictMark, When } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf } from '../app/router';
import { useResource } from '../app/use-resource';
import { percent, plain, shortId, shortTarget } from '../format/names';
import { hasEnded, STATUS_WORDS, TIER_WORDS } from '../format/status';
import { EffectTable } from './effect-table';
import { PlanChanges, PlanEvidence, PlanIdentity, UndoMark } from './plan-view';
import { RequestPeople } from './request-people';
import { StepsTable } from './steps-table';
import { Timeline } from './timeline';

/** One contract, from the evidence to the verdict. */
export function ContractPage({ id }: { readonly id: string }) {
  const resource = useResource<ContractDetail>(PATHS.contract(id));
  const contract = resource.data;
  const [rollingBack, setRollingBack] = useState(false);
  const isOperator = useRole('operator', 'administrator');
  const restorable =
    contract?.plan?.undo === 'restore' && contract.steps.some(({ state }) => state === 'DONE');
  const offered = isOperator && restorable && contract !== undefined && hasEnded(contract.status);
  return (
    <Page
      title={contract === undefined ? `Contract ${id}` : titleOf(contract)}
      description={contract && `${STATUS_WORDS[contract.status].means} Contract ${id}`}
      actions={offered && <Button onClick={() => setRollingBack(true)}>Ask for a rollback…</Button>}
    >
      <Loaded resource={resource} what="the contract">
        {(read) => <Contract contract={read} />}
      </Loaded>
      {rollingBack && contract !== undefined && (
        <RollbackDialog contract={contract} onClose={() => setRollingBack(false)} />
      )}
    </Page>
  );
}

/** Allowed or refused, and by which policies. */
function PolicyWords({ policy }: Pick<ContractDetail, 'policy'>) {
  if (policy === null) return '–';
  const said = policy.decision === 'ALLOWED' ? 'Allowed' : <code>{policy.decision}</code>;
  return (
    <>
      {said}
      {policy.by.length > 0 && ` by ${policy.by.join(', ')}`}
    </>
  );
}

/** What for, and on what. */
function titleOf({ playbook, plan }: ContractDetail): string {
  const targets = plan?.targets.map(({ id }) => id) ?? [];
  return targets.length === 0 ? playbook : `${playbook} on ${targets.join(', ')}`;
}

function Contract({ contract }: { readonly contract: ContractDetail }) {
  const { plan, approval, steps, timeline } = contract;
  return (
    <SpaceBetween size="l">
      <Container>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Where it stands', value: <StatusMark status={contract.status} /> },
            { label: 'Effect', value: <VerdictMark verdict={contract.verdict} /> },
            { label: 'Confidence', value: contract.confidence === null ? '–' : percent(contract.confidence) },
            {
              label: 'Why it stands so',
              value: contract.reason === null ? '–' : <code>{contract.reason}</code>,
            },
            { label: 'Policies said', value: <PolicyWords policy={contract.policy} /> },
            { label: 'Playbook', value: contract.playbook },
            { label: 'Tier', value: TIER_WORDS[contract.tier] },
            { label: 'Can it be undone?', value: plan === null ? '–' : <UndoMark undo={plan.undo} /> },
            {
              label: 'Mission',
              value: <Link href={hrefOf('missions', contract.missionId)}>{shortId(contract.missionId)}</Link>,
            },
            { label: 'Planned', value: <When at={contract.createdAt} /> },
            { label: 'Begun', value: <When at={contract.startedAt} /> },
            {
              label: contract.endedAt === null ? 'Effect is judged' : 'Ended',
              value: <When at={contract.endedAt ?? contract.lookAt} />,
            },
            { label: 'Correlation id', value: <code>{contract.correlationId}</code> },
          ]}
        />
      </Container>
      <EffectTable contract={contract} />
      {plan !== null && <PlanChanges plan={plan} title="What it was to change" />}
      {steps.length > 0 && <StepsTable steps={steps} />}
      <ColumnLayout columns={2}>
        {plan !== null && <PlanEvidence plan={plan} />}
        {approval !== null && <RequestPeople approval={approval} />}
      </ColumnLayout>
      <Timeline entries={timeline} />
      {plan !== null && (
        <Container>
          <PlanIdentity plan={plan} />
        </Container>
      )}
    </SpaceBetween>
  );
}

interface RollbackDialogProps {
  readonly contract: ContractDetail;
  readonly onClose: () => void;
}

function RollbackDialog({ contract, onClose }: RollbackDialogProps) {
  const { client, notify } = useConsole();
  return (
    <ConfirmDialog
      title="Ask for a rollback?"
      confirm="Ask for it"
      reasonHint="For example: “The load is back to normal; the extra instances are no longer needed.”"
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        const path = PATHS.rollback(contract.contractId);
        const answer = await client.write<RestoreAnswer>('POST', path, { body: { reason }, idempotencyKey });
        notify({
          kind: 'success',
          title: 'Asked for.',
          text: `A contract of its own follows for ${shortTarget(answer.target)}, with its own approval.`,
        });
      }}
    >
      <div>
        <p>Grace is asked to bring these back to what they were before this contract:</p>
        <ul className="plain-list">
          {contract.plan?.changes.map(({ step, target, field, from }) => (
            <li key={`${step} ${field}`}>
              {plain(field)} of <b>{shortTarget(target)}</b>
              {from === null ? '' : `: ${from}`}
            </li>
          ))}
        </ul>
        <p>
          That is an action like any other: it is planned, approved, verified and undone by the same rules.
        </p>
      </div>
    </ConfirmDialog>
  );
}
