import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { entryBytes, leafOf, type StoredEntry } from '../../shared/domain/audit-entry';
import { base64Of, bytesOfBase64 } from '../../shared/domain/base64-bytes';
import { decodeRange, encodeRange } from '../../shared/domain/merkle-range';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { SealedArchive } from '../../shared/ports/audit-seal';
import { type LogEvidence, signedPart, wholeLog } from './log-evidence';

/**
 * A log in a file, for checking it elsewhere: lines of JSON, the head first, then each entry. All bytes base64.
 *
 *     {"log":"grace","size":2,"link":"…","range":"…"}
 *     {"seq":0,"entry":"…","link":"…"}
 */
const HeadLine = z.strictObject({
  log: z.string(),
  size: z.number().int(),
  link: z.string(),
  range: z.string(),
  /** `seq` of the first entry of the epoch that `range` is of: 0 where it is not said. */
  base: z.number().int().optional(),
  /** Signed notes, and the keys that they can be checked with. */
  checkpoints: z.array(z.string()).optional(),
  keys: z.array(z.string()).optional(),
});
const EntryLine = z.strictObject({ seq: z.number().int(), entry: z.string(), link: z.string() });

/** The file is no dump of a log. */
export class LogDumpError extends Error {
  override readonly name = 'LogDumpError';
}

/**
 * Writes the log as it stands at its head, with what is signed of it; what is appended meanwhile is not in it.
 * Returns the number of entries.
 */
export async function dumpLog(log: AuditLog, path: string, sealed?: SealedArchive): Promise<number> {
  const head = await log.head();
  const { checkpoints, keys } = await signedPart(sealed);
  const file = await open(path, 'w');
  try {
    const { size, link, range, base } = head;
    const line = {
      log: head.log,
      size,
      link: base64Of(link),
      range: encodeRange(range),
      base,
      checkpoints,
      keys,
    };
    await file.write(`${JSON.stringify(line)}\n`);
    for await (const { seq, leaf, link } of log.entries(0, size)) {
      await file.write(
        `${JSON.stringify({ seq, entry: base64Of(entryBytes(leaf)), link: base64Of(link) })}\n`,
      );
    }
    return size;
  } finally {
    await file.close();
  }
}

/** @throws LogDumpError when the first line is no head */
export async function dumpEvidence(path: string): Promise<LogEvidence> {
  for await (const line of linesOf(path)) {
    const { size, link, range, base = 0, checkpoints = [], keys = [] } = parsed(HeadLine, line, 1);
    const head = damaged(1, () => ({
      size,
      base,
      link: bytesOfBase64(link),
      range: decodeRange(size - base, range),
    }));
    return wholeLog({ head, entries: readEntries(path), checkpoints, keys });
  }
  throw new LogDumpError('the file is empty');
}

/** @throws LogDumpError at the first line that is no entry */
async function* readEntries(path: string): AsyncIterable<StoredEntry> {
  let n = 0;
  for await (const line of linesOf(path)) {
    n += 1;
    if (n === 1 || line === '') continue;
    const { seq, entry, link } = parsed(EntryLine, line, n);
    yield damaged(n, () => ({ seq, leaf: leafOf(bytesOfBase64(entry)), link: bytesOfBase64(link) }));
  }
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}

function parsed<T>(schema: z.ZodType<T>, line: string, n: number): T {
  return damaged(n, () => schema.parse(JSON.parse(line)));
}

function damaged<T>(n: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new LogDumpError(`line ${n} is not a line of a log dump`, { cause });
  }
}
