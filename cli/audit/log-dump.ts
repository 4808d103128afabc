import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { ChainHead } from '../../shared/domain/audit-chain';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { decodeRange, encodeRange } from '../../shared/domain/merkle-range';
import type { AuditLog } from '../../shared/ports/audit-log';

/**
 * A log in a file, for checking it elsewhere: lines of JSON, the head first, then each entry. All bytes base64.
 *
 *     {"log":"grace","size":2,"link":"…","range":"…"}
 *     {"seq":0,"entry":"…","link":"…"}
 */
const HeadLine = z.strictObject({ log: z.string(), size: z.number().int(), link: z.base64(), range: z.base64() });
const EntryLine = z.strictObject({ seq: z.number().int(), entry: z.base64(), link: z.base64() });

/** The file is no dump of a log. */
export class LogDumpError extends Error {
  override readonly name = 'LogDumpError';
}

/** Writes the log as it stands at its head; what is appended meanwhile is not in it. Returns the entries. */
export async function dumpLog(log: AuditLog, path: string): Promise<number> {
  const head = await log.head();
  const file = await open(path, 'w');
  try {
    const { size, link, range } = head;
    await file.write(`${JSON.stringify({ log: head.log, size, link: base64(link), range: encodeRange(range) })}\n`);
    for await (const { seq, bytes, link } of log.entries(0, size)) {
      await file.write(`${JSON.stringify({ seq, entry: base64(bytes), link: base64(link) })}\n`);
    }
    return size;
  } finally {
    await file.close();
  }
}

/** @throws LogDumpError when the first line is no head */
export async function readDumpHead(path: string): Promise<ChainHead> {
  for await (const line of linesOf(path)) {
    const { size, link, range } = parsed(HeadLine, line, 1);
    return { size, link: Buffer.from(link, 'base64'), range: rangeOf(size, range) };
  }
  throw new LogDumpError('the file is empty');
}

/** @throws LogDumpError at the first line that is no entry */
export async function* readDumpEntries(path: string): AsyncIterable<StoredEntry> {
  let n = 0;
  for await (const line of linesOf(path)) {
    n += 1;
    if (n === 1 || line === '') continue;
    const { seq, entry, link } = parsed(EntryLine, line, n);
    yield { seq, bytes: Buffer.from(entry, 'base64'), link: Buffer.from(link, 'base64') };
  }
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}

function parsed<T>(schema: z.ZodType<T>, line: string, n: number): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new LogDumpError(`line ${n} is not a line of a log dump`, { cause });
  }
}

function rangeOf(size: number, text: string) {
  try {
    return decodeRange(size, text);
  } catch (cause) {
    throw new LogDumpError('the head is damaged', { cause });
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
