import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { encodeProof } from '../../shared/domain/tlog/proof-text';
import { parseKey, type VerifierKey } from '../../shared/domain/tlog/verifier-key';
import { exportFrom, logOf, newestCheckpoint, proofFrom, verifyBackend } from '../audit/backend-log';
import { cosign } from '../audit/cosign';
import { dumpLog } from '../audit/log-dump';
import { signedPart } from '../audit/log-evidence';
import { type ReadCheckpoint, readCheckpoint, type Trust } from '../audit/read-checkpoint';
import { printVerdict, type Verdict } from '../audit/verdict';
import { verifyExport } from '../audit/verify-export';
import { readText, verifyPath } from '../audit/verify-path';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { RUN_DIRECTORY } from '../backend/saved-run';
import { NothingThereError, UsageError } from '../errors';
import { type Io, printJson } from '../io';

type Options = BackendOptions & { readonly json?: boolean };
interface VerifyOptions extends Options {
  readonly file?: string;
  readonly since?: string;
  readonly key: readonly VerifierKey[];
}

type ExportOptions = Options & { readonly since?: string };

interface WitnessOptions extends Pick<VerifyOptions, 'since' | 'key' | 'json'> {
  readonly name: string;
  readonly privateKey: string;
}

/** `grace audit verify`, `dump`, `export`, `proof`, `checkpoint`, `keys`, `witness` */
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
    .option(
      '--since <checkpoint>',
      'a file with a checkpoint that the reader has kept: prove that the log begins with what it covers',
    )
    .action(async (contractId: string, file: string, options: ExportOptions) => {
      const kept = options.since === undefined ? undefined : await keptIn(options.since);
      const exported = await withBackend(io, options, (backend) => exportFrom(backend, contractId, kept));
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
  backendOptions(audit.command('checkpoint'))
    .description('the newest signed checkpoint, to be kept: redirect it to a file')
    .action(async (options: Options) => {
      const { size, note } = await withBackend(io, options, newestCheckpoint);
      if (options.json) printJson(io, { size, note });
      else io.out(note.trimEnd());
    });
  backendOptions(audit.command('keys'))
    .description('verifier keys of the log, oldest first')
    .action(async (options: Options) => {
      const { keys } = await withBackend(io, options, ({ sealed }) => signedPart(sealed));
      if (keys.length === 0) throw new NothingThereError('nothing is sealed yet');
      if (options.json) printJson(io, { keys });
      else for (const one of keys) io.out(one);
    });
  audit
    .command('witness')
    .argument('<directory>', 'a copy of the sealed log')
    .description('verify a copy, and sign its newest checkpoint as a witness')
    .requiredOption('--name <name>', 'the witness’s name, such as example.org/witness')
    .requiredOption('--private-key <pem>', 'a file with its Ed25519 key')
    .option(
      '--since <checkpoint>',
      'the checkpoint that you signed last: the copy must begin with what it covers',
    )
    .option('--key <vkey>', 'the log’s key; may be repeated', key, [])
    .option('--json', 'print JSON')
    .action(async (directory: string, options: WitnessOptions) => {
      const privateKey = await readText(resolve(io.cwd, options.privateKey));
      const now = Date.now() / 1000;
      const witness = { name: options.name, privateKey, now };
      const { note, verdict, vkey } = await cosign(
        resolve(io.cwd, directory),
        await trustOf(options),
        witness,
      );
      if (note === undefined) {
        printVerdict(io, verdict, options.json === true);
        return;
      }
      io.err(`signed; your key for those who verify: ${vkey}`);
      if (options.json) printJson(io, { note, vkey });
      else io.out(note.trimEnd());
    });

  async function verdictOn(path: string | undefined, options: VerifyOptions): Promise<Verdict> {
    const trust = await trustOf(options);
    const place = path === undefined ? undefined : resolve(io.cwd, path);
    if (place !== undefined && basename(place) !== RUN_DIRECTORY) return verifyPath(place, trust);
    // A saved run is verified as a deployment: with its state table beside its log.
    const at = place === undefined ? io : { ...io, cwd: dirname(place) };
    return withBackend(at, options, (backend) => verifyBackend(backend, trust));
  }

  async function keptIn(file: string): Promise<ReadCheckpoint> {
    try {
      return readCheckpoint(await readText(resolve(io.cwd, file)));
    } catch (error) {
      if (error instanceof TlogFormatError) throw new UsageError(`${file}: ${error.message}`);
      throw error;
    }
  }

  async function trustOf(given: Pick<VerifyOptions, 'key' | 'since'>): Promise<Trust> {
    return {
      ...(given.key.length === 0 ? {} : { keys: given.key }),
      ...(given.since === undefined ? {} : { since: await readText(resolve(io.cwd, given.since)) }),
    };
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
