import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { PlannedChange, PlanView } from '../../../shared/contracts/api/contracts';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Hash } from '../app/marks';
import { plain, shortTarget } from '../format/names';
import { length } from '../format/time';

interface PlanChangesProps {
  readonly plan: PlanView;
  /** `What will change` while it is still to come. */
  readonly title: string;
}

/** What is changed, from what to what. */
export function PlanChanges({ plan, title }: PlanChangesProps) {
  return (
    <PlainTable
      title={title}
      items={plan.changes}
      keyOf={(change) => `${change.step} ${change.target} ${change.field}`}
      columns={[
        { id: 'what', header: 'What', isRowHeader: true, cell: (change) => plain(change.field) },
        { id: 'change', header: 'From → to', cell: (change) => <FromTo change={change} /> },
        {
          id: 'target',
          header: 'On',
          minWidth: 90,
          cell: (change) => (
            <span title={change.target} className="long">
              {shortTarget(change.target)}
            </span>
          ),
        },
        { id: 'action', header: 'By', wide: true, cell: (change) => <code>{change.action}</code> },
      ]}
      empty={{ title: 'Nothing', text: 'This plan changes no value.' }}
    />
  );
}

export function FromTo({ change: { from, to } }: { readonly change: Pick<PlannedChange, 'from' | 'to'> }) {
  if (from === null) return <b>{to === null ? 'happens once' : String(to)}</b>;
  return (
    <>
      <span className="visually-hidden">from </span>
      {String(from)} <span aria-hidden="true">→</span>
      <span className="visually-hidden"> to </span> <b>{String(to)}</b>
    </>
  );
}

/** Whether it can be taken back: the first thing to know at three in the morning. */
export function UndoMark({ undo }: { readonly undo: PlanView['undo'] }) {
  return undo === 'restore' ? (
    <Indicator type="success">Yes: put back if the effect does not come</Indicator>
  ) : (
    <Indicator type="warning">No: this action has no inverse</Indicator>
  );
}

/** What must come true for the action to count as having helped. */
export function PlanExpected({ plan }: { readonly plan: PlanView }) {
  const { settleSeconds, windowSeconds, expectations } = plan.effect;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Looked at ${length(settleSeconds * 1000)} after the action, for ${length(windowSeconds * 1000)}. No data never counts as success.`}
        >
          Expected effect
        </Header>
      }
    >
      <ul className="plain-list">
        {expectations.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Container>
  );
}

/** Why Grace proposes this. Every line of it may come from an event: text, never markup. */
export function PlanEvidence({ plan: { diagnosis, tierReasons } }: { readonly plan: PlanView }) {
  return (
    <Container header={<Header variant="h2">Why</Header>}>
      <SpaceBetween size="s">
        <div>{diagnosis.why}</div>
        <div>
          <Box variant="awsui-key-label">Evidence for pattern {diagnosis.pattern}</Box>
          <ul className="plain-list">
            {diagnosis.evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        <div>
          <Box variant="awsui-key-label">Why people are asked, or not</Box>
          {tierReasons.map(plain).join(', ') || 'nothing asks for it'}
        </div>
      </SpaceBetween>
    </Container>
  );
}

/** What pins the plan down: people who compare notes compare these. */
export function PlanIdentity({ plan }: { readonly plan: PlanView }) {
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Plan hash', value: <Hash value={plan.hash} /> },
        { label: 'Playbook version', value: <Hash value={plan.playbook.version} /> },
        { label: 'Account and region', value: `${plan.account}, ${plan.region}` },
        {
          label: 'Stored plan',
          value: plan.unchanged ? (
            <Indicator type="success">as it was made</Indicator>
          ) : (
            <Indicator type="error">does not match its hash</Indicator>
          ),
        },
      ]}
    />
  );
}
