import { generateKeyPairSync, sign } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { encodeNote, parseNote, signatureOf, verifyNote } from '../../shared/domain/tlog/signed-note';
import { verifierKey } from '../../shared/domain/tlog/verifier-key';
import { SignerError } from '../../shared/stores/aws/errors';
import { kmsSigner } from '../../shared/stores/aws/kms-signer';
import { sealBucket } from '../../shared/stores/aws/seal-bucket';
import { serviceError } from '../support/aws-answers';

describe('sealed copies in S3', () => {
  const s3 = mockClient(S3Client);
  const bucket = () => sealBucket({ client: new S3Client({}), bucket: 'sealed', prefix: 'epoch-1/' });
  const body = (bytes: Uint8Array) => ({ Body: { transformToByteArray: async () => bytes } as never });
  beforeEach(() => s3.reset());

  it('are written only where nothing is', async () => {
    s3.on(PutObjectCommand).resolves({});
    expect(await bucket().write('tile/0/000', Buffer.of(1))).toBe(true);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'sealed',
      Key: 'epoch-1/tile/0/000',
      Body: Buffer.of(1),
      IfNoneMatch: '*',
    });
  });

  it('are as good as written when the same bytes stand there, and are not when others do', async () => {
    s3.on(PutObjectCommand).rejects(serviceError('PreconditionFailed', 412));
    s3.on(GetObjectCommand).resolves(body(Buffer.of(1)));
    expect(await bucket().write('tile/0/000', Buffer.of(1))).toBe(true);
    expect(await bucket().write('tile/0/000', Buffer.of(2))).toBe(false);
  });

  it('are tried again when two writes meet, three times at most', async () => {
    s3.on(PutObjectCommand).rejectsOnce(serviceError('ConditionalRequestConflict', 409)).resolves({});
    expect(await bucket().write('a', Buffer.of(1))).toBe(true);
    s3.reset();
    s3.on(PutObjectCommand).rejects(serviceError('ConditionalRequestConflict', 409));
    await expect(bucket().write('a', Buffer.of(1))).rejects.toThrow('ConditionalRequestConflict');
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(3);
  });

  it('are not there, or cannot be asked for: two different things', async () => {
    s3.on(GetObjectCommand)
      .rejectsOnce(serviceError('NoSuchKey', 404))
      .rejects(serviceError('AccessDenied', 403));
    expect(await bucket().read('checkpoint')).toBeUndefined();
    await expect(bucket().read('checkpoint')).rejects.toThrow('AccessDenied');
  });

  it('of the newest state are replaced without a condition', async () => {
    s3.on(PutObjectCommand).resolves({});
    await bucket().replace('checkpoint', Buffer.of(1));
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).not.toHaveProperty('IfNoneMatch');
  });

  it('are listed below their epoch, page by page', async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({
        Contents: [{ Key: 'epoch-1/checkpoint' }],
        IsTruncated: true,
        NextContinuationToken: 'next',
      })
      .resolves({ Contents: [{ Key: 'epoch-1/tile/0/000' }] });
    const names: string[] = [];
    for await (const name of bucket().names()) names.push(name);
    expect(names).toEqual(['checkpoint', 'tile/0/000']);
  });
});

describe('a signer in KMS', () => {
  const kms = mockClient(KMSClient);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = () => kmsSigner({ client: new KMSClient({}), keyId: 'key-a' });
  beforeEach(() => {
    kms.reset();
    kms.on(GetPublicKeyCommand).resolves({ PublicKey: publicKey.export({ format: 'der', type: 'spki' }) });
  });

  it('signs a note that anybody verifies with the public key alone', async () => {
    kms.on(SignCommand).callsFake(async ({ Message }: { Message: Uint8Array }) => ({
      Signature: sign(null, Message, privateKey),
    }));
    const text = 'grace/test\n3\nAAAA\n';
    const one = signer();
    const key = verifierKey('grace/test', 'note', await one.publicKey());
    const note = encodeNote({ text, signatures: [signatureOf(key, await one.sign(text))] });
    expect(verifyNote(parseNote(note), [key])).toMatchObject({ ok: true });
    expect(kms.commandCalls(SignCommand)[0]?.args[0].input).toMatchObject({
      KeyId: 'key-a',
      MessageType: 'RAW',
      SigningAlgorithm: 'ED25519_SHA_512',
    });
  });

  it('asks for its key once, and again after a fault', async () => {
    kms.reset();
    kms
      .on(GetPublicKeyCommand)
      .rejectsOnce(new Error('throttled'))
      .resolves({ PublicKey: publicKey.export({ format: 'der', type: 'spki' }) });
    const one = signer();
    await expect(one.publicKey()).rejects.toThrow('throttled');
    await one.publicKey();
    await one.publicKey();
    expect(kms.commandCalls(GetPublicKeyCommand)).toHaveLength(2);
  });

  it('takes nothing that is no key or no signature', async () => {
    kms.on(SignCommand).resolves({ Signature: Buffer.alloc(72) });
    await expect(signer().sign('x')).rejects.toThrow(SignerError);
    kms.on(GetPublicKeyCommand).resolves({});
    await expect(signer().publicKey()).rejects.toThrow(SignerError);
  });
});
