import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions, withLiteralKeys } from '../../infra/bundle-options';
import { fakeService } from '../support/aws-answers';

const root = resolve(__dirname, '../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'grace-bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** EC2's is the largest client there is, and speaks a protocol of its own. */
const ENTRY = `
import { EC2Client } from '@aws-sdk/client-ec2';
import { oneShotOptions } from '${root}/shared/executors/aws/client-options';
import { ec2Actions } from '${root}/shared/executors/aws/ec2-instance';
const actions = ec2Actions({ client: new EC2Client(oneShotOptions()) });
const target = { kind: 'ec2:instance', region: 'us-east-1', account: '123456789012', id: 'i-1' };
const live = await actions.describe(target);
const answer = await actions.send({ action: 'aws.restart_ec2', target, intended: {}, clientToken: 't', intentAt: 0 });
console.log(JSON.stringify({ live, answer }));
`;

const ANSWERS: Readonly<Record<string, string>> = {
  DescribeInstances: `<DescribeInstancesResponse><reservationSet><item><ownerId>123456789012</ownerId><instancesSet>
    <item><instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>
    <tagSet><item><key>grace:managed</key><value>true</value></item></tagSet></item></instancesSet></item>
    </reservationSet></DescribeInstancesResponse>`,
  DescribeInstanceStatus: `<DescribeInstanceStatusResponse><instanceStatusSet><item><instanceId>i-1</instanceId>
    <instanceStatus><status>impaired</status></instanceStatus><systemStatus><status>ok</status></systemStatus>
    </item></instanceStatusSet></DescribeInstanceStatusResponse>`,
  RebootInstances: '<RebootInstancesResponse><return>true</return></RebootInstancesResponse>',
};

it('a bundled function speaks to its service as the unbundled one does, at a fraction of the weight', async () => {
  const entry = join(folder, 'index.ts');
  const outfile = join(folder, 'index.mjs');
  writeFileSync(entry, ENTRY);
  await build({ ...bundleOptions({ root, entry, outfile }), nodePaths: [join(root, 'node_modules')] });
  // With CDK's own bundling: 1.3 MB.
  expect(statSync(outfile).size).toBeLessThan(250_000);

  const fake = await fakeService((response, body) => {
    response.end(ANSWERS[new URLSearchParams(body).get('Action') ?? '']);
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: fake.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });
  await fake.close();
  expect(JSON.parse(stdout)).toMatchObject({
    live: {
      managed: true,
      facts: { state: 'running', instance_status: 'impaired', system_status: 'ok' },
    },
    answer: { kind: 'accepted' },
  });
  expect(fake.requests.map(({ body }) => new URLSearchParams(body).get('InstanceId.1'))).toEqual([
    'i-1',
    'i-1',
    'i-1',
  ]);
  expect(fake.requests[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=test\//);
});

it('writes out those computed keys whose text it knows, and no others', () => {
  expect(
    withLiteralKeys('const _xN = "xmlName";\nvar a = { [_xN]: _b, [_unknown]: 1, [() => _xN]: 2 };'),
  ).toBe('const _xN = "xmlName";\nvar a = { "xmlName": _b, [_unknown]: 1, [() => _xN]: 2 };');
});
