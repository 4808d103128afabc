import type { ContractDetail } from '../../../shared/contracts/api/contracts';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { When } from '../app/marks';
import { plain, shortTarget } from '../format/names';

type Step = ContractDetail['steps'][number];

const STATES = {
  INTENT: { kind: 'in-progress', label: 'about to be sent, or sent' },
  DONE: { kind: 'success', label: 'done' },
  NOT_SENT: { kind: 'stopped', label: 'not sent' },
  REJECTED: { kind: 'error', label: 'refused by the service' },
  UNKNOWN: { kind: 'warning', label: 'not known whether it took effect' },
} as const;

/** The ledger: what was sent, forward and back, and how it ended. */
export function StepsTable({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <PlainTable
      title="What was sent"
      items={[...steps].sort((a, b) => a.intentAt.localeCompare(b.intentAt) || a.n - b.n)}
      keyOf={({ n, direction }) => `${n} ${direction}`}
      columns={[
        {
          id: 'action',
          header: 'Step',
          isRowHeader: true,
          cell: ({ n, action, direction }) => (
            <>
              {n + 1}. <code>{action}</code>
              {direction === 'back' && ' (undo)'}
            </>
          ),
        },
        { id: 'values', header: 'Values', wide: true, cell: ({ intended }) => valuesOf(intended) },
        {
          id: 'target',
          header: 'On',
          wide: true,
          cell: ({ target }) => <span title={target}>{shortTarget(target)}</span>,
        },
        {
          id: 'state',
          header: 'State',
          cell: ({ state, outcome }) => (
            <Indicator type={STATES[state].kind}>
              {STATES[state].label}
              {outcome !== null && ` (${plain(outcome)})`}
            </Indicator>
          ),
        },
        { id: 'at', header: 'Intended at', wide: true, cell: ({ intentAt }) => <When at={intentAt} /> },
      ]}
      empty={{ title: 'Nothing was sent', text: 'No step has begun.' }}
    />
  );
}

function valuesOf(values: Step['intended']): string {
  const entries = Object.entries(values);
  return entries.length === 0 ? '–' : entries.map(([name, value]) => `${plain(name)}: ${value}`).join(', ');
}
