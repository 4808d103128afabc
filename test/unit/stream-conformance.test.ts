/** The live stream, held against the OpenAPI document: each event, and each way to be refused. */
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { openStream } from '../../functions/notices-stream/notices-stream';
import type { Caller } from '../../shared/contracts/api/http';
import { openApiDocument } from '../../shared/contracts/api/openapi';
import { STREAM_PATH, STREAM_REFUSALS } from '../../shared/contracts/api/stream';
import { findingStore } from '../../shared/stores/finding-store';
import { START } from '../support/builders/plan';
import { type Heard, heard, person, streamBench, streamRequest, why } from '../support/stream-bench';

const document = openApiDocument('test');
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', ...document });
const answers = document.paths?.[STREAM_PATH]?.get?.responses ?? {};

const SCHEMA_OF: Readonly<Record<string, string>> = {
  ready: 'StreamReady',
  reset: 'StreamReset',
  bye: 'StreamBye',
};
function faultsOf({ name = '', data }: Heard): unknown {
  const validate = ajv.compile({ $ref: `api#/components/schemas/${SCHEMA_OF[name] ?? 'Notice'}` });
  return validate(data) ? [] : validate.errors;
}

async function everythingSaid(lastEventId: string): Promise<Heard[]> {
  const bench = streamBench();
  await bench.awaiting();
  await bench.closings.close(1, undefined, why('a key may be known'));
  await bench.delegations.give({ delegator: 'ana', delegate: 'ben', until: START + 1 }, why('away'));
  await findingStore(bench.table).open({ kind: 'SEQ_GAP', pk: '', sk: '', detail: 'x' }, why('SEQ_GAP'));
  await bench.sequence();
  const { statusCode, headers, frames } = openStream(
    streamRequest(person('ana', 'approver', 'auditor'), { lastEventId }),
    bench.deps,
  );
  expect(Object.keys(answers[`${statusCode}`]?.content)).toEqual([headers['content-type']?.split(';')[0]]);
  const said: Heard[] = [];
  for await (const frame of frames) said.push(heard(frame));
  return said.filter(({ name }) => name !== undefined);
}

test.each([
  [
    'from the beginning',
    '-1',
    ['ready', 'contract', 'mission', 'contract', 'epoch', 'delegation', 'finding', 'bye'],
  ],
  ['from a place that there is not', '99', ['reset', 'ready', 'bye']],
])('every event %s is as the document says', async (_, lastEventId, names) => {
  const said = await everythingSaid(lastEventId);
  expect(said.map(({ name }) => name).sort()).toEqual([...names].sort());
  expect(said.map(faultsOf)).toEqual(said.map(() => []));
});

test('every refusal is as the document says, and every one that it says there is', () => {
  const { deps } = streamBench();
  const documented = Object.keys(answers).filter((status) => status !== '200');
  const whole = [...STREAM_REFUSALS.values()].flat();
  const seen = new Set<string>();
  const ask = (caller: Caller, lastEventId?: string) =>
    openStream(
      streamRequest(person('ana'), { caller, ...(lastEventId === undefined ? {} : { lastEventId }) }),
      deps,
    );
  const known: Caller = { kind: 'person', person: person('ana', 'viewer'), token: 't' };
  const refused = [
    ...whole
      .filter((code) => code.startsWith('TOKEN_'))
      .map((code) => ask({ kind: 'nobody', code: code as 'TOKEN_MISSING' })),
    ask({ kind: 'person', person: person('ana'), token: 't' }),
    ask(known, 'yesterday'),
  ];
  for (const { statusCode, headers } of refused) {
    expect(Object.keys(answers[`${statusCode}`]?.content)).toEqual([headers['content-type']]);
    seen.add(`${statusCode}`);
  }
  expect([...seen].sort()).toEqual(documented.sort());
});
