import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { readSecrets, signWebhook, WebhookSecretError } from '../../shared/domain/webhook-signature';

interface Vector {
  readonly name: string;
  readonly secret: string;
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
  readonly valid: boolean;
}
const { cases, badSecrets } = JSON.parse(
  readFileSync(join(__dirname, '../../../shared/data/vectors/standard-webhooks.json'), 'utf8'),
) as { readonly cases: readonly Vector[]; readonly badSecrets: readonly string[] };

type Verify = (headers: Vector['headers'], body: string, secret: string, now: number) => boolean;
const [, example = ''] =
  /```js\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../../docs/notices.md'), 'utf8')) ?? [];
// biome-ignore lint/security/noGlobalEval: the document's own example, as a reader would run it
const verify = eval(`(() => { ${example}; return verify; })()`) as Verify;

const signed = cases.filter(({ valid, headers }) => valid && !headers['webhook-signature']?.includes(' '));

describe('a signature', () => {
  test.each(signed)('is that of the published vectors: $name', ({ secret, headers, payload }) => {
    const content = {
      id: headers['webhook-id'] as string,
      timestamp: Number(headers['webhook-timestamp']),
      body: payload,
    };
    expect(signWebhook(content, readSecrets(secret))).toBe(headers['webhook-signature']);
  });

  test('is taken by the reference library, under each of two secrets', () => {
    const secrets = [1, 2].map((n) => `whsec_${Buffer.alloc(32, n).toString('base64')}`);
    const timestamp = Math.floor(Date.now() / 1000);
    const body = JSON.stringify({ type: 'approval.requested', text: 'é€😀' });
    const signature = signWebhook({ id: 'm1', timestamp, body }, readSecrets(secrets.join(' ')));
    const headers = {
      'webhook-id': 'm1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    };
    for (const secret of secrets) {
      expect(new StandardWebhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(verify(headers, body, secret, timestamp)).toBe(true);
    }
    const third = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    expect(() => new StandardWebhook(third).verify(body, headers)).toThrow();
    expect(verify(headers, body, third, timestamp)).toBe(false);
  });
});

describe('secrets', () => {
  const good = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  test.each([
    ...badSecrets.map((text) => [text]),
    ['whsec_short'],
    [`whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['whsec_not base64 at all, and long enough to be one'],
    [`${good} ${good} ${good}`],
    ['\n'],
  ])('%j is refused, and not shown', (text) => {
    const refusal = () => readSecrets(text);
    expect(refusal).toThrow(WebhookSecretError);
    const shown = text.replace('whsec_', '').trim();
    if (shown.length > 3) expect(refusal).not.toThrow(shown);
  });

  test('are one, or two while one replaces the other, however they are separated', () => {
    expect(readSecrets(`  ${good}\n${good}\t`)).toHaveLength(2);
    expect(readSecrets(good)).toEqual([Buffer.alloc(24, 7)]);
  });
});

describe('the example of docs/notices.md', () => {
  test.each(cases)('$name', ({ headers, payload, secret, now, valid }) => {
    expect(verify(headers, payload, secret, now)).toBe(valid);
  });
});
