import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from '../../cli/config/check-config';
import { parseSettings, type SettingsFile } from '../../shared/contracts/settings';
import { readSettingsText } from '../../shared/contracts/settings-file';
import { checkSettings } from '../../shared/contracts/settings-rules';

const alarms = { topicArn: 'arn:aws:sns:us-east-1:123456789012:on-call' };
const found = (input: SettingsFile) => {
  const { problems, warnings } = checkSettings(parseSettings(input));
  return {
    problems: problems.map(({ field }) => field),
    warnings: warnings.map(({ field }) => field),
    fixes: [...problems, ...warnings].map(({ fix }) => fix),
  };
};

describe('settings against each other', () => {
  it('finds nothing in the defaults', () => {
    expect(found({})).toEqual({ problems: [], warnings: [], fixes: [] });
  });

  it('warns of act with nobody to approve, and of act with nothing to do', () => {
    expect(found({ mode: 'act', alarms }).warnings).toEqual(['approvals.approvers']);
    expect(found({ mode: 'act' }).warnings).toEqual(['approvals.approvers', 'alarms.topicArn']);
    expect(found({ mode: 'act', executors: [], alarms }).warnings).toEqual(['executors']);
  });

  it('warns of an approver that STS would never name, but not in a trial', () => {
    const approvals = { approvers: ['alice', 'bob'] };
    expect(found({ mode: 'act', approvals, alarms }).warnings).toEqual(['approvals.approvers']);
    expect(found({ ephemeral: true, approvals }).warnings).toEqual([]);
  });

  it('tells tier 3 that cannot be approved from tier 2 that cannot', () => {
    expect(found({ approvals: { approvers: ['arn:aws:iam::1:role/a'] } })).toMatchObject({
      problems: [],
      warnings: ['approvals.tier3Quorum'],
    });
    const two = { approvers: ['arn:aws:iam::1:role/a'], tier2Quorum: 2 };
    expect(found({ approvals: two })).toMatchObject({ problems: [], warnings: ['approvals.tier2Quorum'] });
  });

  it.each<[string, SettingsFile]>([
    ['ephemeral', { deployment: 'grace-prod', ephemeral: true, approvals: { approvers: ['a', 'b'] } }],
    ['executors', { executors: ['aws.rds_reboot', 'aws.rds_reboot'] }],
    ['approvals.approvers', { approvals: { approvers: ['a', 'a', 'b'] } }],
    ['approvals.approvers', { approvals: { approvers: ['arn:aws:iam::1:role/*', 'b'] } }],
    ['approvals.emergency', { approvals: { approvers: ['a', 'b'], emergency: ['e', 'e'] } }],
    ['approvals.escalation', { approvals: { approvers: ['a', 'b'], escalation: ['arn:aws:iam::1:user/?'] } }],
    ['approvals.tier3Quorum', { approvals: { approvers: ['a', 'b', 'c'], tier2Quorum: 3 } }],
    ['approvals.executeWithin', { approvals: { executeWithin: '1m' }, limits: { executorTimeout: '70s' } }],
    ['limits.executorTimeout', { limits: { executorTimeout: '9s' } }],
  ])('refuses a contradiction about %s, with a fix', (field, input) => {
    const { problems, fixes } = found(input);
    expect(problems).toEqual([field]);
    expect(fixes.every((fix) => fix.length > 5)).toBe(true);
  });

  it.each(['product-search', 'grace-olive'])('takes %s for a trial if it says so', (deployment) => {
    expect(found({ deployment, ephemeral: true, executors: [] }).problems).toEqual([]);
  });
});

describe('a settings file', () => {
  const problemsOf = (text: string) => {
    const reading = readSettingsText(text);
    return reading.ok ? [] : reading.problems;
  };

  it('refuses an unknown key with the nearest name and its line, in JSON and in YAML', () => {
    const expected = { field: 'approvals.aprovers', fix: 'did you mean `approvers`?' };
    expect(problemsOf('{\n\t"approvals": {\n\t\t"aprovers": []\n\t}\n}')).toMatchObject([
      { ...expected, line: 3 },
    ]);
    expect(problemsOf('mode: observe\napprovals:\n  aprovers: []\n')).toMatchObject([
      { ...expected, line: 3 },
    ]);
  });

  it('names every wrong value at once', () => {
    const problems = problemsOf(
      '{"mode":"watch","limits":{"concurrentActions":"6"},"executors":["aws.rds_rebot"]}',
    );
    expect(problems.map(({ field }) => field).sort()).toEqual([
      'executors.0',
      'limits.concurrentActions',
      'mode',
    ]);
    expect(problems.find(({ field }) => field === 'executors.0')?.fix).toBe('did you mean `aws.rds_reboot`?');
  });

  it.each([
    ['an empty file', ''],
    ['a list', '[]'],
    ['half of one', '{"mode":'],
    ['a key twice', '{"mode":"act","mode":"observe"}'],
  ])('refuses %s', (_, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  it('tells what differs from the defaults, and where a warning is from', () => {
    const reading = readSettingsText('mode: act\nretention:\n  logDays: 30\n');
    expect(reading).toMatchObject({
      ok: true,
      changed: [
        { field: 'mode', value: 'act', default: 'observe' },
        { field: 'retention.logDays', value: 30, default: 90 },
      ],
      warnings: [
        { field: 'approvals.approvers', line: 1 },
        { field: 'alarms.topicArn', line: 1 },
      ],
    });
  });
});

describe('grace config check', () => {
  const folder = (name?: string, text = '') => {
    const directory = mkdtempSync(join(tmpdir(), 'grace-config-'));
    if (name !== undefined) writeFileSync(join(directory, name), text);
    return directory;
  };

  it('says that all defaults hold where there is no file, and nothing where the one named is not there', () => {
    expect(checkConfig(folder())).toMatchObject({ ok: true, file: null, mode: 'observe', changed: [] });
    expect(checkConfig(folder(), 'missing.json')).toBeUndefined();
  });

  it('finds the file by its name', () => {
    expect(checkConfig(folder('grace.config.yaml', 'ephemeral: true\n'))).toMatchObject({
      ok: true,
      file: 'grace.config.yaml',
      mode: 'act',
    });
    expect(checkConfig(folder('grace.config.json', '{"mod":"act"}'))).toMatchObject({
      ok: false,
      mode: null,
      problems: [{ field: 'mod', fix: 'did you mean `mode`?' }],
    });
  });
});
