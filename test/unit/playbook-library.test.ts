import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkPlaybooks,
  listPlaybooks,
  loadPlaybooks,
  showPlaybook,
  testPlaybooks,
} from '../../cli/playbooks/library';
import {
  CompiledPlaybooksError,
  compilePlaybooks,
  readCompiledPlaybooks,
} from '../../shared/contracts/compiled-playbooks';
import { playbookJsonSchema } from '../../shared/contracts/playbook-json-schema';
import { PLAYBOOKS, playbookText } from '../support/planning';

describe('the playbooks of the repository', () => {
  test('are read without problems or warnings, and cover the three executors', () => {
    expect(checkPlaybooks(PLAYBOOKS)).toMatchObject({ ok: true, problems: [], warnings: [] });
    const actions = new Set(listPlaybooks(PLAYBOOKS).flatMap((each) => each.actions));
    expect([...actions].sort()).toEqual(['aws.rds_reboot', 'aws.restart_ec2', 'aws.scale_instances']);
  });

  test('come to what their recorded incidents expect, and each playbook has one', async () => {
    const { ok, cases, problems } = await testPlaybooks(PLAYBOOKS);
    expect(problems).toEqual([]);
    expect(cases.flatMap(({ file, differences }) => differences.map((each) => `${file}: ${each}`))).toEqual(
      [],
    );
    expect(ok).toBe(true);
    const planned = new Set(cases.filter((each) => each.plan !== undefined).map((each) => each.playbook));
    expect([...planned].sort()).toEqual(listPlaybooks(PLAYBOOKS).map((each) => each.name));
  });

  test('name the schema for editors, which is up to date (writePlaybookSchema writes it)', () => {
    const committed = readFileSync(join(PLAYBOOKS, 'playbook.schema.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(playbookJsonSchema());
    for (const { name } of listPlaybooks(PLAYBOOKS)) {
      expect(playbookText(name).split('\n')[0]).toBe('# yaml-language-server: $schema=playbook.schema.json');
    }
  });

  test('are shown by name, and a slip is suggested', () => {
    expect(showPlaybook(PLAYBOOKS, 'scale-out-on-cpu')).toMatchObject({ found: true });
    expect(showPlaybook(PLAYBOOKS, 'scale-out-on-cpus')).toEqual({
      found: false,
      didYouMean: 'scale-out-on-cpu',
    });
    expect(showPlaybook(PLAYBOOKS, 'nothing-like-it')).toEqual({ found: false });
  });
});

describe('a directory of playbooks', () => {
  const directory = (...files: readonly (readonly [string, string | Buffer])[]) => {
    const path = mkdtempSync(join(tmpdir(), 'playbooks-'));
    for (const [name, content] of files) writeFileSync(join(path, name), content);
    return path;
  };

  test('is used as a whole or not at all', () => {
    const path = directory(['a.yaml', playbookText('scale-out-on-cpu')], ['b.yaml', 'nonsense']);
    expect(checkPlaybooks(path)).toMatchObject({
      ok: false,
      files: 2,
      playbooks: [{ name: 'scale-out-on-cpu' }],
    });
    expect(loadPlaybooks(path)).toMatchObject({
      ok: false,
      problems: [{ file: join(path, 'b.yaml'), line: 1 }],
    });
  });

  test('must not hold one name twice', () => {
    const text = playbookText('scale-out-on-cpu');
    expect(checkPlaybooks(directory(['a.yaml', text], ['b.yaml', text])).problems).toMatchObject([
      { field: 'name' },
    ]);
  });

  test('that is not there, or holds no UTF-8, is a named fault', () => {
    expect(() => checkPlaybooks('/nowhere')).toThrow('cannot be read as a directory of playbooks');
    expect(() => checkPlaybooks(directory(['a.yaml', Buffer.from([0x61, 0xff])]))).toThrow('is not UTF-8');
  });

  test('with a case that comes out otherwise fails its test', async () => {
    const { mkdirSync } = await import('node:fs');
    const path = directory(['a.yaml', playbookText('scale-out-on-cpu')]);
    mkdirSync(join(path, 'cases'));
    const incident = readFileSync(join(PLAYBOOKS, 'cases/cpu-high.yaml'), 'utf8');
    writeFileSync(join(path, 'cases/a.yaml'), incident.replace('tier: 1', 'tier: 3'));
    expect(await testPlaybooks(path)).toMatchObject({
      ok: false,
      cases: [{ differences: ['tier is 1, expected 3'] }],
    });
  });
});

describe('compiled playbooks', () => {
  const texts = ['scale-out-on-cpu', 'restart-ec2-on-hang'].map((name) => ({
    file: name,
    text: playbookText(name),
  }));
  const { compiled } = compilePlaybooks(texts);

  test('are the same in any order, and come back as they were', () => {
    expect(compilePlaybooks([...texts].reverse()).compiled).toEqual(compiled);
    const read = readCompiledPlaybooks(JSON.parse(JSON.stringify(compiled)));
    expect(read.map(({ name, version }) => ({ name, version }))).toEqual(
      compiled.map(({ name, version }) => ({ name, version })),
    );
    expect(read[0]?.playbook.window).toBe(600);
  });

  test.each<[string, (asset: string) => string]>([
    ['a changed limit', (asset) => asset.replace('"max":1', '"max":9')],
    ['another version', (asset) => asset.replace(/[0-9a-f]{64}/, 'a'.repeat(64))],
    ['a lower tier', (asset) => asset.replace('"tier":2', '"tier":1')],
    ['another name', (asset) => asset.replace('restart-ec2-on-hang', 'another')],
    ['no list', () => '{}'],
  ])('%s is refused', (_, damage) => {
    const asset = JSON.stringify(compiled);
    expect(damage(asset)).not.toBe(asset);
    expect(() => readCompiledPlaybooks(JSON.parse(damage(asset)))).toThrow(CompiledPlaybooksError);
  });
});
