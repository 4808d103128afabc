import { parseSettings, type SettingsFile } from '../../shared/contracts/settings';
import { webhookFindings } from '../../shared/contracts/webhook-rules';

type Webhooks = NonNullable<SettingsFile['webhooks']>;
const ops = (changes: object = {}) =>
  ({
    id: 'ops',
    format: 'generic',
    url: 'https://hooks.acme.com/grace',
    secretParameter: '/grace/ops',
    ...changes,
  }) as Webhooks[number];
const found = (webhooks: Webhooks, consoleUrl?: string) =>
  webhookFindings(parseSettings({ webhooks, ...(consoleUrl === undefined ? {} : { consoleUrl }) }));

describe('settings of webhooks', () => {
  test('hold without a finding where there is a console to link to', () => {
    expect(found([ops()], 'https://grace.acme.com/')).toEqual({ problems: [], warnings: [] });
    expect(found([])).toEqual({ problems: [], warnings: [] });
    expect(found([ops()]).warnings).toMatchObject([{ field: 'consoleUrl' }]);
  });

  test.each([
    ['http://hooks.acme.com/', 'is not https'],
    ['https://169.254.169.254/', 'is no public name'],
    ['https://localhost/', 'is no public name'],
    ['https://a:b@hooks.acme.com/', 'has a name or password in it'],
    ['https://hooks.acme.com:8443/', 'names a port'],
    ['hooks.acme.com', 'is no URL'],
  ])('refuse %s before anything is deployed', (url, why) => {
    expect(found([ops(), ops({ id: 'two', url })], 'https://grace.acme.com/').problems).toEqual([
      { field: 'webhooks.1.url', message: `the URL of two ${why}`, fix: expect.stringMatching(/./) },
    ]);
  });

  test('refuse one name for two', () => {
    expect(found([ops(), ops()]).problems).toMatchObject([{ field: 'webhooks' }]);
  });

  test.each([
    ['a secret itself', ops({ secret: 'whsec_x' })],
    ['a parameter that is no name of one', ops({ secretParameter: 'whsec_x' })],
    [
      'the URL of a chat, which is a secret',
      { id: 'c', format: 'slack', url: 'https://hooks.slack.com/services/T/B/x' },
    ],
    ['an event that there is not', ops({ events: ['approval.wanted'] })],
    ['no event', ops({ events: [] })],
    ['more than ten', Array.from({ length: 11 }, (_, n) => ops({ id: `w${n}` }))],
  ])('do not take %s', (_title, webhook) => {
    expect(() => parseSettings({ webhooks: [webhook].flat() })).toThrow();
  });

  test('take no link that is not https', () => {
    for (const consoleUrl of ['http://grace.acme.com/', 'javascript:alert(1)', 'grace'])
      expect(() => parseSettings({ consoleUrl })).toThrow();
  });
});
