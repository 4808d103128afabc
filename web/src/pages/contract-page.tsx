import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ContractDetail } from '../../../shared/contracts/api/contracts';
import { PATHS } from '../api/paths';
import { useRole } from '../app/deployment';
import { Loaded } from '../app/loaded';
import { StatusMark, VerdictMark, When } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf } from '../app/router';
import { useResource } from '../app/use-resource';
import { percent, shortId } from '../format/names';
import { hasEnded, STATUS_WORDS, TIER_WORDS } from '../format/status';
import { EffectTable } from './effect-table';
import { FrozenAlert } from './frozen-alert';
import { MeasurementsTable } from './measurements-table';
import { PlanChanges, PlanEvidence, PlanIdentity, UndoMark } from './plan-view';
import { RequestPeople } from './request-people';
import { RestoreDialog } from './restore-dialog';
import { SnapshotsTable } from './snapshots-table';
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
  // What was rolled back already is as it was.
  const offered = isOperator && restorable && hasEnded(contract.status) && contract.status !== 'rolled_back';
  return (
    <Page
      title={contract === undefined ? `Contract ${id}` : titleOf(contract)}
      description={contract && `${STATUS_WORDS[contract.status].means} Contract ${id}`}
      actions={offered && <Button onClick={() => setRollingBack(true)}>Ask for a rollback…</Button>}
    >
      <Loaded resource={resource} what="the contract">
        {(read) => <Contract contract={read} reload={resource.reload} />}
      </Loaded>
      {rollingBack && contract !== undefined && (
        <RestoreDialog
          title="Ask for a rollback?"
          path={PATHS.rollback(contract.contractId)}
          wanted={contract.plan?.changes ?? []}
          onClose={() => setRollingBack(false)}
        />
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

interface ContractProps {
  readonly contract: ContractDetail;
  readonly reload: () => void;
}

function Contract({ contract, reload }: ContractProps) {
  const { plan, approval, steps, snapshots, measurements, timeline } = contract;
  return (
    <SpaceBetween size="l">
      {contract.frozen.length > 0 && <FrozenAlert contract={contract} onDone={reload} />}
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
      {measurements.length > 0 && <MeasurementsTable contract={contract} />}
      {snapshots.length > 0 && <SnapshotsTable snapshots={snapshots} />}
      <ColumnLayout columns={2}>
        {plan !== null && <PlanEvidence plan={plan} />}
        {approval !== null && (
          <RequestPeople approval={approval} open={contract.status === 'awaiting_approval'} />
        )}
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
