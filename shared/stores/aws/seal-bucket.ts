import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { SealedArchive } from '../../ports/audit-seal';
import type { SealWriter } from '../../ports/sealing';

/** Attempts when S3 says that two writes of the name met (409). */
const CONFLICT_ATTEMPTS = 3;

export interface SealBucketOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** What the names lie below, with its slash. */
  readonly prefix: string;
}

/**
 * Sealed copies in a bucket, whose own defaults lock and encrypt them. The role needs s3:ListBucket, without which
 * S3 says "denied" of a name that is not there.
 */
export function sealBucket({ client, bucket, prefix }: SealBucketOptions): SealWriter & SealedArchive {
  const place = (name: string) => ({ Bucket: bucket, Key: `${prefix}${name}` });

  async function read(name: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await client.send(new GetObjectCommand(place(name)));
      return await answer.Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async function write(name: string, bytes: Uint8Array): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.send(new PutObjectCommand({ ...place(name), Body: bytes, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
        const status = $metadata?.httpStatusCode;
        if (status === 412) break;
        if (status !== 409 || attempt === CONFLICT_ATTEMPTS) throw error;
      }
    }
    // There already: ours, if an answer was lost or the call is repeated; or somebody else's.
    const stored = await read(name);
    return stored !== undefined && Buffer.compare(stored, bytes) === 0;
  }

  async function replace(name: string, bytes: Uint8Array): Promise<void> {
    await client.send(new PutObjectCommand({ ...place(name), Body: bytes }));
  }

  async function* names(): AsyncIterable<string> {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key.slice(prefix.length);
    }
  }

  return { read, write, replace, names };
}
