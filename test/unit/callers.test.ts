import { BINDING_HEADER } from '../../shared/contracts/identity-proof';
import { identityBinding, principalOf } from '../../shared/domain/caller';
import { stsCallers, stsEndpoint } from '../../shared/stores/aws/callers';
import { CallersUnavailableError } from '../../shared/stores/aws/errors';
import { callers } from '../../shared/stores/callers';

const BINDING = identityBinding({
  contractId: 'C1',
  decision: 'approve',
  planHash: 'a'.repeat(64),
  reason: 'ok',
});
const HOST = 'sts.eu-west-1.amazonaws.com';
const SIGNED = `AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host;x-amz-date;${BINDING_HEADER}, Signature=y`;
const proof = (headers: Record<string, string> = {}) => ({
  headers: {
    host: HOST,
    authorization: SIGNED,
    [BINDING_HEADER]: BINDING,
    'x-amz-date': '20260101T000000Z',
    ...headers,
  },
});

const ARN = 'arn:aws:sts::123456789012:assumed-role/Oncall/anna';
function sts(status = 200, body = `<GetCallerIdentityResult><Arn>${ARN}</Arn></GetCallerIdentityResult>`) {
  const sent: { url: string; init: RequestInit }[] = [];
  const send = (async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return new Response(body, { status });
  }) as unknown as typeof fetch;
  return { sent, callers: stsCallers({ region: 'eu-west-1', send }) };
}

describe('who signed a decision', () => {
  test('is what STS says, a role without its session name', async () => {
    const { callers, sent } = sts();
    expect(await callers.identify(proof(), BINDING)).toBe('arn:aws:iam::123456789012:role/Oncall');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(stsEndpoint('eu-west-1'));
    expect(sent[0]?.init).toMatchObject({ method: 'POST', redirect: 'error' });
  });

  test.each([
    ['a proof made for another decision', proof({ [BINDING_HEADER]: 'b'.repeat(64) })],
    [
      'a binding that is not among the signed headers',
      proof({ authorization: 'SignedHeaders=host;x-amz-date, Signature=y' }),
    ],
    ['a proof for another address', proof({ host: 'sts.evil.example' })],
    ['a host that is not signed', proof({ authorization: `SignedHeaders=${BINDING_HEADER}, Signature=y` })],
    ['no signature', proof({ authorization: '' })],
  ])('%s is no proof, and STS is not even asked', async (_name, wrong) => {
    const { callers, sent } = sts();
    expect(await callers.identify(wrong, BINDING)).toBeUndefined();
    expect(sent).toHaveLength(0);
  });

  test('a signature that STS refuses is no proof', async () => {
    const { callers } = sts(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>');
    expect(await callers.identify(proof(), BINDING)).toBeUndefined();
  });

  test('an STS that fails decides nothing: it is a fault', async () => {
    await expect(sts(503).callers.identify(proof(), BINDING)).rejects.toBeInstanceOf(CallersUnavailableError);
  });

  test('an IAM user is itself', () => {
    expect(principalOf('arn:aws:iam::123456789012:user/ben')).toBe('arn:aws:iam::123456789012:user/ben');
  });

  test('a binding changes with each part of the decision', () => {
    const base = { contractId: 'C1', decision: 'approve' as const, planHash: 'a'.repeat(64), reason: 'ok' };
    const others = [
      { contractId: 'C2' },
      { decision: 'deny' as const },
      { planHash: 'b'.repeat(64) },
      { reason: 'no' },
    ];
    for (const other of others) expect(identityBinding({ ...base, ...other })).not.toBe(BINDING);
  });
});

describe('a proof of either kind', () => {
  const signed = { identify: async () => 'arn:aws:iam::123456789012:role/Oncall' };
  const person = { subject: 'https://issuer.example#ana', roles: ['approver' as const], authenticatedAt: 7 };

  test('by signature names the role, and says nothing of when its holder signed in', async () => {
    const known = await callers({ signed }).identify(proof(), BINDING);
    expect(known).toEqual({ subject: 'arn:aws:iam::123456789012:role/Oncall', roles: [] });
  });

  test('by token is whom its verifier names; without one no token is believed', async () => {
    const tokens = { verify: async (token: string) => (token === 'good' ? person : undefined) };
    expect(await callers({ signed, tokens }).identify({ token: 'good' }, BINDING)).toEqual(person);
    expect(await callers({ signed, tokens }).identify({ token: 'bad' }, BINDING)).toBeUndefined();
    expect(await callers({ signed }).identify({ token: 'good' }, BINDING)).toBeUndefined();
  });
});
