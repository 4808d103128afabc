import { resolve } from 'node:path';
import type { Command } from 'commander';
import { auditStore } from '../../shared/stores/audit-store';
import { dumpLog, LogDumpError } from '../audit/log-dump';
import { type LogReport, verifyLog } from '../audit/verify-log';
import type { Backend } from '../backend/backend';
import { withBackend } from '../backend/open-backend';
import { type BackendOptions, backendOptions } from '../backend/options';
import { NothingThereError } from '../errors';
import { type Io, printJson } from '../io';

/** `grace audit verify`, `grace audit dump` */
export function register(program: Command, io: Io): void {
  const audit = program.command('audit').description('the audit log');
  backendOptions(audit.command('verify'))
    .description('recompute the whole chain, and check that every change is in it')
    .option('--file <dump>', 'a log that `grace audit dump` wrote, instead of a deployment’s')
    .action(async (options: BackendOptions & { file?: string; json?: boolean }) => {
      const report =
        options.file === undefined
          ? await withBackend(io, options, verifyBackend)
          : await verifyDump(resolve(io.cwd, options.file));
      print(io, report, options.json === true);
    });
  backendOptions(audit.command('dump'))
    .argument('<file>', 'where to write it')
    .description('write the log to a file, for checking it elsewhere')
    .action(async (file: string, options: BackendOptions & { json?: boolean }) => {
      const entries = await withBackend(io, options, (backend) =>
        dumpLog(logOf(backend), resolve(io.cwd, file)),
      );
      if (options.json) printJson(io, { file, entries });
      else io.out(`${entries} entries written to ${file}`);
    });
}

const logOf = ({ audit, clock }: Backend) => auditStore(audit, { clock, random: Math.random });

type Found = Omit<LogReport, 'verified' | 'problems'> & {
  readonly verified: number;
  readonly problems: readonly { readonly code: string }[];
};

async function verifyBackend(backend: Backend): Promise<Found> {
  const stateItems = backend.stateItems();
  return readable(() => verifyLog({ log: logOf(backend) }, stateItems === undefined ? {} : { stateItems }));
}

async function verifyDump(file: string): Promise<Found> {
  try {
    return await readable(() => verifyLog({ file }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NothingThereError(`there is no file ${file}`);
  }
}

/** A log of which a row cannot even be read does not verify; a file that is not there is another matter. */
async function readable(verify: () => Promise<LogReport>): Promise<Found> {
  try {
    return await verify();
  } catch (error) {
    const broken =
      error instanceof LogDumpError ||
      ['AuditLogBrokenError', 'ZodError', '$ZodError'].includes((error as Error).name);
    if (!broken) throw error;
    const problems = [{ code: 'LOG_UNREADABLE', message: (error as Error).message.slice(0, 500) }];
    return { entries: 0, verified: 0, firstBad: 0, problems, unattributed: 0, root: '' };
  }
}

function print(io: Io, report: Found, json: boolean): void {
  const { entries, firstBad, problems, unattributed, root } = report;
  const verified = problems.length === 0;
  if (entries === 0 && verified) throw new NothingThereError('the audit log is empty');
  if (!verified) io.exitWith(1);
  if (json) {
    printJson(io, {
      entries,
      verified,
      firstBad: firstBad ?? null,
      verifiedEntries: report.verified,
      unattributed,
      root,
      problems,
    });
    return;
  }
  if (verified) {
    io.out(`${io.paint.green('✔')} ${entries} entries: the chain holds from the first to the last`);
    io.out(`  Merkle root ${root}`);
  } else {
    const place = firstBad === undefined ? '' : `, first at entry ${firstBad}`;
    io.out(`${io.paint.red('✘')} the log does not verify: ${problems.length} problem(s)${place}`);
    for (const problem of problems.slice(0, 20)) io.out(`  ${JSON.stringify(problem)}`);
  }
  if (unattributed > 0) io.out(`  ${unattributed} entries are of changes that nobody can be named for`);
}
