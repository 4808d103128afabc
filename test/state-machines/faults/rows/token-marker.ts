import { SIMULATED_FUNCTIONS } from '../../../../cli/simulator/functions';
import { FUNCTIONS } from '../../../../shared/names';
import { auditStore } from '../../../../shared/stores/audit-store';
import { type BenchOptions, runIncident, type Stage } from '../../../support/faults/bench';
import { BENCH_INCIDENTS } from '../../../support/faults/bench-incidents';
import { none, type Row, type RowCase, same } from './row';

/**
 * Every task token that was ever opened is looked for in all that leaves a function or is kept: logs, answers, events,
 * items, audit entries, documents, dead letters.
 */
export async function tokenIsNowhere(): Promise<Row> {
  const cases: RowCase[] = [];
  for (const approver of ['approves', 'denies'] as const) {
    const tokens = new Set<string>();
    const seen: [place: string, text: string][] = [];
    const stage = await runIncident(
      { ...BENCH_INCIDENTS.scaleAsked, approver },
      { ...listening(seen), faults: () => remembering(tokens) },
    );
    seen.push(...(await kept(stage)));
    cases.push(same(`${approver}: tokens opened`, tokens.size > 0, true));
    for (const place of ['log', 'event', 'audit entry', 'answer']) {
      cases.push(
        same(
          `${approver}: there was a ${place}`,
          seen.some(([name]) => name === place),
          true,
        ),
      );
    }
    const found = seen.filter(([, text]) => [...tokens].some((token) => text.includes(token)));
    cases.push(
      none(
        `${approver}: found in`,
        found.map(([place]) => place),
      ),
    );
  }
  return { name: 'a task token is found nowhere', cases };
}

function listening(seen: [string, string][]): Pick<BenchOptions, 'logger' | 'onPublished'> {
  const log = (message: string, fields: Readonly<Record<string, unknown>>) => {
    seen.push(['log', message + text(fields)]);
  };
  return {
    logger: { info: log, warn: log, error: log },
    onPublished: (envelope) => seen.push(['event', text(envelope)]),
  };
}

const remembering = (tokens: Set<string>) => ({
  onCall: ({ port, method }: { readonly port: string; readonly method: string }) =>
    port === 'cipher' && method === 'encrypt'
      ? {
          kind: 'instead' as const,
          act: (call: () => Promise<unknown>, [plaintext]: readonly unknown[]) => {
            tokens.add(String(plaintext));
            return call();
          },
        }
      : undefined,
});

async function kept(stage: Stage): Promise<[string, string][]> {
  const { deployment } = stage;
  const { ports } = deployment;
  const log = auditStore(deployment.audit, { clock: ports.clock, random: () => 0 });
  const entries: [string, string][] = [];
  for await (const { leaf } of log.entries(0)) {
    entries.push(['audit entry', Buffer.from(leaf).toString('latin1')]);
  }
  const [contract] = stage.contracts();
  const { contractId = '', planHash = '' } = contract ?? {};
  const command = { decision: 'withdraw', contractId, planHash, reason: 'bench', principal: 'ann' };
  const answers = [
    await SIMULATED_FUNCTIONS[FUNCTIONS.decide](command as never, ports, 0),
    await SIMULATED_FUNCTIONS[FUNCTIONS.relay]({ contractId } as never, ports, 0),
  ];
  return [
    ...entries,
    ...answers.map((answer): [string, string] => ['answer', text(answer)]),
    ...deployment.state.items().map((item): [string, string] => [`item ${item.pk} ${item.sk}`, text(item)]),
    ...deployment.tokens.items().map((item): [string, string] => ['token table', text(item)]),
    ...[...deployment.documents].map(([name, document]): [string, string] => [name, document]),
    ...deployment.deadLetters().map((letter): [string, string] => ['dead letter', text(letter)]),
  ];
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) => {
    if (inner instanceof Set) return [...inner];
    return inner instanceof Error ? `${inner.name} ${inner.message}` : inner;
  }) ?? '';
