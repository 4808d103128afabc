import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { encodeProof } from '../../shared/domain/tlog/proof-text';
import { parseKey, type VerifierKey } from '../../shared/domain/tlog/verifier-key';
import { exportFrom, logOf, proofFrom, verifyBackend } from '../audit/backend-log';
import { dumpLog } from '../audit/log-dump';
import { readCheckpoint, type Trust } from '../audit/read-checkpoint';
import { printVerdict, type Verdict } from '../audit/verdict';
import { verifyExport } from '../audit/verify-export';
import { readText, verifyPath } from '../audit/verify-path';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { RUN_DIRECTORY } from '../backend/saved-run';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean };
interface VerifyOptions extends Options {
  readonly file?: string;
  readonly since?: string;
  readonly key: readonly VerifierKey[];
}

/** `grace audit verify`, `dump`, `export`, `proof` */
export function register(program: Command, io: Io): void {
  const audit = program.command('audit').description('the audit log');
  backendOptions(audit.command('verify'))
    .argument(
      '[path]',
      'an export, a dump, a proof, or a directory of sealed copies; default: a deployment’s log',
    )
    .description('recompute everything, and say what holds and what does not')
    .option('--file <dump>', 'the same as the argument')
    .option(
      '--since <checkpoint>',
      'a file with a checkpoint that you kept: the log must begin with what it covers',
    )
    .option('--key <vkey>', 'insist on this key of the log, or of a witness; may be repeated', key, [])
    .action(async (path: string | undefined, options: VerifyOptions) => {
      printVerdict(io, await verdictOn(path ?? options.file, options), options.json === true);
    });
  backendOptions(audit.command('dump'))
    .argument('<file>', 'where to write it')
    .description('write the log to a file, for checking it elsewhere')
    .action(async (file: string, options: Options) => {
      const entries = await withBackend(io, options, (backend) =>
        dumpLog(logOf(backend), resolve(io.cwd, file), backend.sealed),
      );
      if (options.json) printJson(io, { file, entries });
      else io.out(`${entries} entries written to ${file}`);
    });
  backendOptions(audit.command('export'))
    .argument('<contract>', 'its id')
    .argument('<file>', 'where to write it')
    .description('write everything about a contract to one file, with proofs, for somebody outside')
    .action(async (contractId: string, file: string, options: Options) => {
      const exported = await withBackend(io, options, (backend) => exportFrom(backend, contractId));
      await writeFile(resolve(io.cwd, file), `${JSON.stringify(exported, undefined, 1)}\n`);
      // As its reader will: what does not hold is better known before it is handed over.
      printVerdict(io, verifyExport(exported, {}), options.json === true);
      io.err(`written to ${file}`);
    });
  backendOptions(audit.command('proof'))
    .argument('<seq>', 'which entry', number)
    .argument('<file>', 'where to write it, by custom with the ending .tlog-proof')
    .description('write the proof that an entry is in the log, in the C2SP format')
    .action(async (seq: number, file: string, options: Options) => {
      const proof = await withBackend(io, options, (backend) => proofFrom(backend, seq));
      await writeFile(resolve(io.cwd, file), encodeProof(proof));
      if (options.json) printJson(io, { file, seq, size: readCheckpoint(proof.checkpoint).size });
      else io.out(`the proof of entry ${seq} written to ${file}`);
    });

  async function verdictOn(path: string | undefined, options: VerifyOptions): Promise<Verdict> {
    const trust: Trust = {
      ...(options.key.length === 0 ? {} : { keys: options.key }),
      ...(options.since === undefined ? {} : { since: await readText(resolve(io.cwd, options.since)) }),
    };
    const place = path === undefined ? undefined : resolve(io.cwd, path);
    if (place !== undefined && basename(place) !== RUN_DIRECTORY) return verifyPath(place, trust);
    // A saved run is verified as a deployment: with its state table beside its log.
    const at = place === undefined ? io : { ...io, cwd: dirname(place) };
    return withBackend(at, options, (backend) => verifyBackend(backend, trust));
  }
}

function key(text: string, before: readonly VerifierKey[]): VerifierKey[] {
  try {
    return [...before, parseKey(text)];
  } catch (error) {
    if (error instanceof TlogFormatError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function number(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('give its number');
  return Number(text);
}
