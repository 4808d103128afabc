import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, linkTo, type WebhookEvent } from '../../functions/webhook-sender/forms';

const event = (detail: Record<string, unknown> = {}, type = 'approval.requested'): WebhookEvent => ({
  id: 'e1',
  type,
  time: '2026-01-05T12:00:00.000Z',
  correlationId: 'c1',
  detail: {
    contractId: 'C1',
    playbook: 'reboot-instance',
    tier: 3,
    quorum: 2,
    approvals: 1,
    expiresAt: Date.UTC(2026, 0, 5, 13),
    ...detail,
  },
});

const EPOCH: WebhookEvent = {
  id: 'e2',
  type: 'audit.epoch_closed',
  time: '2026-01-05T12:00:00.000Z',
  correlationId: 'epoch/1',
  detail: { epoch: 1, rev: 1 },
};

/** Everything that somebody outside may have had written into an event. */
const HOSTILE = [
  '<!channel> all hands',
  '<@U123> approve this',
  '<https://evil.com|Open in the console>',
  '[Open in the console](https://evil.com)',
  '**bold** _it_ `code`',
  '<script>alert(1)</script>',
  '&lt;b&gt;',
  'line\nbreak\r\ninjected: field',
  '\u202Etxet desrever',
  'zero\u200Bwidth',
  ':rotating_light: {{DATE(2026)}}',
  'x'.repeat(100_000),
];

/** Every string in a document, with the key that it stands under. */
function texts(value: unknown, key = ''): [string, string][] {
  if (typeof value === 'string') return [[key, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, name));
}
const nodes = (value: unknown): Record<string, unknown>[] =>
  typeof value !== 'object' || value === null
    ? []
    : [value as Record<string, unknown>, ...Object.values(value).flatMap(nodes)];

describe('a message for Slack', () => {
  const message = (given: WebhookEvent, link?: string) => JSON.parse(bodyOf('slack', given, link));

  test('says which epoch of the audit log was closed', () => {
    const { text, blocks } = message(EPOCH);
    expect(text).toBe('Grace: An epoch of the audit log was closed');
    expect(texts(blocks).map(([, value]) => value)).toContain('Epoch\n1');
  });

  test('says what is wanted, with a link that opens the console', () => {
    const { text, blocks } = message(event(), 'https://grace.acme.com/#/approvals/C1');
    expect(text).toBe('Grace: Approval wanted');
    expect(texts(blocks).map(([, value]) => value)).toEqual(
      expect.arrayContaining([
        'Contract\nC1',
        'Approvals\n1 of 2',
        'Expires\n2026-01-05T13:00:00.000Z',
        '<https://grace.acme.com/#/approvals/C1|Open in the console>',
      ]),
    );
  });

  test.each(HOSTILE)('has %j as plain text only', (hostile) => {
    const made = message(event({ playbook: hostile, contractId: hostile, reason: hostile }));
    const markup = nodes(made).filter(({ type }) => type === 'mrkdwn');
    expect(markup).toEqual([]);
    for (const [key, value] of texts(made)) {
      expect(value).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
      if (key === 'text') expect(value.length).toBeLessThanOrEqual(2_000);
    }
    expect(made.text).toBe('Grace: Approval wanted');
  });

  test('keeps to Slack’s limits: ten fields, 150 characters of header', () => {
    const made = message(event({ status: 's', reason: 'R' }, `approval.${'y'.repeat(500)}`));
    for (const { fields } of nodes(made).filter((node) => 'fields' in node)) {
      expect((fields as unknown[]).length).toBeLessThanOrEqual(10);
    }
    const [{ text: header } = { text: '' }] = nodes(made).filter(({ type }) => type === 'plain_text');
    expect((header as string).length).toBeLessThanOrEqual(150);
  });
});

describe('a message for Teams', () => {
  const message = (given: WebhookEvent, link?: string) => JSON.parse(bodyOf('teams', given, link));
  test('is an Adaptive Card whose action opens the console', () => {
    const made = message(event({}, 'agentic.escalated'), 'https://grace.acme.com/#/contracts/C1');
    expect(made).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            actions: [{ type: 'Action.OpenUrl', url: 'https://grace.acme.com/#/contracts/C1' }],
          },
        },
      ],
    });
    expect(texts(made).map(([, value]) => value)).toContain('Grace: A person is needed');
  });

  test.each(HOSTILE)('has %j in text runs only, which know no markup', (hostile) => {
    const made = message(event({ playbook: hostile, contractId: hostile, reason: hostile }));
    const types = new Set(
      nodes(made)
        .map(({ type }) => type)
        .filter((type) => type !== undefined),
    );
    expect(types).toEqual(new Set(['message', 'AdaptiveCard', 'RichTextBlock', 'TextRun']));
    for (const [, value] of texts(made)) expect(value).not.toMatch(/[\n\r\u200B\u202E]/);
    expect(JSON.stringify(made).length).toBeLessThan(28 * 1024);
  });
});

describe('a link', () => {
  test('opens the request, or the contract, and can lead nowhere else', () => {
    expect(linkTo('https://grace.acme.com/console/', event())).toBe(
      'https://grace.acme.com/console/#/approvals/C1',
    );
    expect(linkTo('https://grace.acme.com/', event({}, 'agentic.escalated'))).toBe(
      'https://grace.acme.com/#/contracts/C1',
    );
    expect(linkTo('https://grace.acme.com/', event({ contractId: '/../x?a#b|<!here>' }))).toBe(
      'https://grace.acme.com/#/approvals/%2F..%2Fx%3Fa%23b%7C%3C!here%3E',
    );
    expect(linkTo('https://grace.acme.com/', EPOCH)).toBe('https://grace.acme.com/#/audit');
    expect(linkTo(undefined, event())).toBeUndefined();
    expect(linkTo(undefined, EPOCH)).toBeUndefined();
    expect(linkTo('https://grace.acme.com/', event({ contractId: undefined }))).toBeUndefined();
  });

  test('leads to a page that the console has', () => {
    const routes = readFileSync(join(__dirname, '../../web/src/app/routes.tsx'), 'utf8');
    const pages = [...routes.matchAll(/\{ name: '([a-z]+)'/g)].map(([, name]) => name);
    for (const told of [event(), event({}, 'agentic.escalated'), EPOCH]) {
      const [, page] = linkTo('https://grace.acme.com/', told)?.split('#/') ?? [];
      expect(pages).toContain(page?.split('/')[0]);
    }
  });
});
