import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sha256Hex } from '../../domain/digest';
import { repeatableOptions } from '../../executors/aws/client-options';
import type { Evidence } from '../../ports/outside';
import { EvidenceConflictError } from './errors';

/** Options of the S3 client: addresses by path, which needs no DNS name per bucket (emulators). */
export function s3Options() {
  return { ...repeatableOptions(), forcePathStyle: true };
}

/** Attempts when S3 says that two writes of the name met (409). */
const CONFLICT_ATTEMPTS = 3;

/**
 * Evidence in a bucket, whose own defaults encrypt it. A name is written once: `put` of the same text
 * again succeeds, of another text throws, and what is there stays.
 * The role needs s3:ListBucket, without which S3 says "denied" of a name that is not there.
 * @throws EvidenceConflictError from `put`
 */
export function s3Evidence({
  client,
  bucket,
}: {
  readonly client: S3Client;
  readonly bucket: string;
}): Evidence {
  async function get(name: string): Promise<string | undefined> {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
      return await answer.Body?.transformToString('utf-8');
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async function put(name: string, text: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: name,
            Body: Buffer.from(text, 'utf8'),
            ContentType: name.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8',
            IfNoneMatch: '*',
          }),
        );
        return;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412) break;
        if (status !== 409 || attempt === CONFLICT_ATTEMPTS) throw error;
      }
    }
    // There already: ours, if an answer was lost or the step is repeated; or somebody else's.
    const stored = await get(name);
    if (stored === undefined || sha256Hex(stored) !== sha256Hex(text)) {
      throw new EvidenceConflictError(`${name} holds other bytes than were to be written`);
    }
  }

  return { put, get };
}

function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
