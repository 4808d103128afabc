import type { ContractDetail } from '../../../shared/contracts/api/contracts';
import { PlainTable } from '../app/list-table';
import { When } from '../app/marks';
import { seenText } from '../format/observation';

/** The benchmark runs of a contract: what was seen, before and after, run by run. */
export function MeasurementsTable({
  contract: { measurements, plan },
}: {
  readonly contract: ContractDetail;
}) {
  const expected = plan?.effect.expectations ?? [];
  return (
    <PlainTable
      title="What was measured"
      items={measurements}
      keyOf={({ phase, n }) => `${phase} ${n}`}
      columns={[
        {
          id: 'run',
          header: 'Run',
          isRowHeader: true,
          cell: ({ phase, n }) => `${phase === 'before' ? 'Before' : 'After'} the action, ${n + 1}`,
        },
        {
          id: 'seen',
          header: 'Seen',
          cell: ({ observations }) => (
            <ul className="plain-list">
              {observations.map((observation, index) => (
                // In the order of the expectations, which do not change.
                <li key={expected[index]?.text ?? observation.kind}>
                  {seenText(observation)}
                  {expected[index] !== undefined && (
                    <div className="quiet">expected: {expected[index].text}</div>
                  )}
                </li>
              ))}
            </ul>
          ),
        },
        { id: 'at', header: 'When', wide: true, cell: ({ measuredAt }) => <When at={measuredAt} /> },
      ]}
      empty={{ title: 'Nothing was measured', text: 'No benchmark has run.' }}
    />
  );
}
