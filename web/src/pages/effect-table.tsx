import type { ContractDetail } from '../../../shared/contracts/api/contracts';
import { PlainTable } from '../app/list-table';
import { VerdictMark } from '../app/marks';
import { percent } from '../format/names';

interface Row {
  /** What of; nothing while the expectation says it itself. */
  readonly field: string | null;
  readonly expected: string;
  readonly actual: string;
  readonly verdict: 'met' | 'not_met' | 'inconclusive' | null;
  readonly confidence: number | null;
  readonly why: string;
}

/** Expected against actual; before there is an actual, what is expected. */
export function EffectTable({ contract: { outcome, plan } }: { readonly contract: ContractDetail }) {
  const planned: readonly Row[] = (plan?.effect.expectations ?? []).map(({ text }) => ({
    field: null,
    expected: text,
    actual: outcome === null ? 'not looked at yet' : 'not looked at',
    verdict: null,
    confidence: null,
    why: '',
  }));
  const judged = outcome?.fields ?? [];
  return (
    <PlainTable<Row>
      title="Expected against actual"
      items={judged.length > 0 ? judged : planned}
      keyOf={({ field, expected }) => `${field} ${expected}`}
      columns={[
        {
          id: 'expected',
          header: 'Expected',
          isRowHeader: true,
          minWidth: 90,
          cell: ({ expected, field }) => (
            <>
              {expected}
              {field !== null && <div className="quiet">{field}</div>}
            </>
          ),
        },
        {
          id: 'actual',
          header: 'Actual',
          minWidth: 110,
          cell: ({ actual, verdict }) => (
            <>
              <span className="long">{actual}</span>
              <div className="narrow-only">
                <VerdictMark verdict={verdict} />
              </div>
            </>
          ),
        },
        {
          id: 'verdict',
          header: 'Verdict',
          wide: true,
          cell: ({ verdict }) => <VerdictMark verdict={verdict} />,
        },
        {
          id: 'confidence',
          header: 'Confidence',
          wide: true,
          cell: ({ confidence }) => (confidence === null ? '–' : percent(confidence)),
        },
        { id: 'why', header: 'Why', wide: true, cell: ({ why }) => (why === '' ? '–' : <code>{why}</code>) },
      ]}
      empty={{ title: 'Nothing was expected', text: 'There is no plan behind this contract.' }}
    />
  );
}
