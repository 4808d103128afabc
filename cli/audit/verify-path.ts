import { readFile, stat } from 'node:fs/promises';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { NothingThereError } from '../errors';
import { LogDumpError } from './log-dump';
import type { Trust } from './read-checkpoint';
import { sealedDirectory } from './sealed-directory';
import type { Verdict } from './verdict';
import { EvidenceFileError, readEvidenceFile, verifyExport } from './verify-export';
import { type LogSource, type VerifyOptions, verifyLog } from './verify-log';
import { PROOF_START, verifyProof } from './verify-proof';

/**
 * Verifies what a file or a directory holds, whichever of ours it is: no deployment, no network.
 * @throws NothingThereError when nothing is there, or nothing that we know
 */
export async function verifyPath(path: string, trust: Trust): Promise<Verdict> {
  if (await isDirectory(path)) return verifyDirectory(path, trust);
  const text = await readText(path);
  if (text.trim() === '') throw new NothingThereError(`${path} is empty`);
  return readableOr(kindOf(text), async () => {
    if (text.startsWith(PROOF_START)) return verifyProof(text, trust);
    if (kindOf(text) === 'export') return verifyExport(readEvidenceFile(JSON.parse(text)), trust);
    return verdictOnLog('dump', { file: path }, { trust });
  });
}

async function verifyDirectory(path: string, trust: Trust): Promise<Verdict> {
  const sealed = sealedDirectory(path);
  let objects = 0;
  for await (const name of sealed.names())
    if (/^(epoch-[1-9]\d*\/)?(tile\/|checkpoint)/.test(name)) objects += 1;
  if (objects === 0)
    throw new NothingThereError(
      `${path} holds no sealed copies: neither tile/ nor checkpoint, nor an epoch-1/ with them`,
    );
  return verdictOnLog('sealed copies', { sealed }, { trust });
}

export async function verdictOnLog(
  of: Verdict['of'],
  source: LogSource,
  options: VerifyOptions,
): Promise<Verdict> {
  return readableOr(of, async () => ({ of, ...(await verifyLog(source, options)) }));
}

/** A file, read whole. @throws NothingThereError */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NothingThereError(`there is no file ${path}`);
  }
}

/** A dump is lines of JSON; an export is one document. */
function kindOf(text: string): 'export' | 'dump' | 'proof' {
  if (text.startsWith(PROOF_START)) return 'proof';
  return /"format"\s*:\s*"grace\.evidence/.test(text.slice(0, 200)) ? 'export' : 'dump';
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NothingThereError(`there is nothing at ${path}`);
  }
}

/** What cannot even be read does not verify; a fault of the machine is another matter. */
async function readableOr(of: Verdict['of'], verify: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await verify();
  } catch (error) {
    const broken =
      error instanceof LogDumpError ||
      error instanceof EvidenceFileError ||
      error instanceof TlogFormatError ||
      ['AuditLogBrokenError', 'ZodError', '$ZodError', 'SyntaxError'].includes((error as Error).name);
    if (!broken) throw error;
    const problems = [{ code: 'LOG_UNREADABLE', message: (error as Error).message.slice(0, 500) }];
    return { of, entries: 0, verified: 0, problems, unattributed: 0, root: '', checks: [] };
  }
}
