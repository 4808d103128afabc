import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { s3Evidence, s3Options } from '../../shared/stores/aws/evidence';
import { kmsTokenCipher } from '../../shared/stores/aws/token-cipher';
import { fakeService, NOWHERE, serviceError } from '../support/aws-answers';

const client = new S3Client({ ...NOWHERE, ...s3Options() });
const service = mockClient(client);
const evidence = s3Evidence({ client, bucket: 'evidence' });

beforeEach(() => service.reset());

const stored = (text: string) =>
  service.on(GetObjectCommand).resolves({ Body: { transformToString: async () => text } as never });

describe('evidence', () => {
  it('is written only where nothing is, and encrypted as the bucket says', async () => {
    service.on(PutObjectCommand).resolves({});
    await evidence.put('snapshots/C1/1.json', '{"a":1}');
    expect(service.commandCalls(PutObjectCommand).map(({ args }) => args[0].input)).toEqual([
      {
        Bucket: 'evidence',
        Key: 'snapshots/C1/1.json',
        Body: Buffer.from('{"a":1}'),
        ContentType: 'application/json',
        IfNoneMatch: '*',
      },
    ]);
  });

  it('may be written again with the same bytes', async () => {
    service.on(PutObjectCommand).rejects(serviceError('PreconditionFailed', 412));
    stored('{"a":1}');
    await expect(evidence.put('1.json', '{"a":1}')).resolves.toBeUndefined();
    expect(service.commandCalls(PutObjectCommand)).toHaveLength(1);
  });

  it('is never overwritten with other bytes', async () => {
    service.on(PutObjectCommand).rejects(serviceError('PreconditionFailed', 412));
    stored('{"a":2}');
    await expect(evidence.put('1.json', '{"a":1}')).rejects.toMatchObject({ name: 'EvidenceConflictError' });
  });

  it('tries again when two writes met, but not for ever', async () => {
    const met = serviceError('ConditionalRequestConflict', 409);
    service.on(PutObjectCommand).rejectsOnce(met).resolves({});
    await evidence.put('1.json', '{}');
    expect(service.commandCalls(PutObjectCommand)).toHaveLength(2);
    service.on(PutObjectCommand).rejects(met);
    await expect(evidence.put('1.json', '{}')).rejects.toBe(met);
  });

  it('that is not there is none; a fault is a fault', async () => {
    service.on(GetObjectCommand).rejects(serviceError('NoSuchKey', 404));
    expect(await evidence.get('1.json')).toBeUndefined();
    service.on(GetObjectCommand).rejects(serviceError('AccessDenied', 403));
    await expect(evidence.get('1.json')).rejects.toThrow('AccessDenied');
  });

  it('has the bucket in the path, and the condition on the wire', async () => {
    const fake = await fakeService((response) => response.end());
    const live = new S3Client({ ...NOWHERE, ...s3Options(), endpoint: fake.endpoint });
    await s3Evidence({ client: live, bucket: 'evidence' }).put('a.json', '{"é":1}');
    await fake.close();
    expect(fake.requests[0]?.path).toMatch(/^\/evidence\/a\.json/);
    expect(fake.requests[0]?.headers['if-none-match']).toBe('*');
    expect(fake.requests[0]?.body).toBe('{"é":1}');
  });
});

describe('the token cipher', () => {
  const kms = new KMSClient(NOWHERE);
  const calls = mockClient(kms);
  const cipher = kmsTokenCipher({ client: kms, keyId: 'alias/tokens' });
  const context = { contractId: 'C1', generation: '1' };

  it('encrypts and decrypts by the named key, with the context', async () => {
    calls.on(EncryptCommand).resolves({ CiphertextBlob: new Uint8Array([1, 2, 255]) });
    calls.on(DecryptCommand).resolves({ Plaintext: new TextEncoder().encode('tökén') });
    expect(await cipher.encrypt('tökén', context)).toBe('AQL/');
    expect(await cipher.decrypt('AQL/', context)).toBe('tökén');
    expect(calls.calls().map(({ args }) => args[0].input)).toEqual([
      { KeyId: 'alias/tokens', Plaintext: Buffer.from('tökén'), EncryptionContext: context },
      { KeyId: 'alias/tokens', CiphertextBlob: Buffer.from([1, 2, 255]), EncryptionContext: context },
    ]);
  });

  it('says so when the context is another', async () => {
    calls.on(DecryptCommand).rejects(serviceError('InvalidCiphertextException', 400));
    await expect(cipher.decrypt('AQL/', { contractId: 'C2' })).rejects.toThrow('InvalidCiphertext');
  });
});
