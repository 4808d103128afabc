import type { CompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { Backend } from '../backend/backend';
import { NothingThereError } from '../errors';
import { loadPlaybooks } from '../playbooks/library';
import { checkPolicies } from '../policies/run-cases';
import { type Check, type Diagnosis, diagnosis, well, wrong } from './checks';
import { type LocalOptions, localChecks } from './local-checks';
import { stackChecks } from './stack-checks';
import type { StackProbe } from './stack-probe';
import { storeChecks } from './store-checks';

export interface DoctorOptions extends LocalOptions {
  readonly on: 'simulator' | 'emulator' | 'aws';
  /** Opens the saved run, or the stack's tables. @throws NothingThereError */
  open(): Promise<Backend>;
  /** Emulator and AWS. @throws NothingThereError when no emulator is known */
  probe(): StackProbe;
}

/** `grace doctor`: looks at everything and changes nothing. */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const checks: Check[] = [...localChecks(options)];
  const shipped = shippedOf(options.playbooks);
  if (options.on !== 'simulator') {
    const where = options.on === 'aws' ? 'AWS' : 'the emulator';
    let probe: StackProbe;
    try {
      probe = options.probe();
    } catch (error) {
      if (!(error instanceof NothingThereError)) throw error;
      return diagnosis(options.on, [...checks, wrong('connection', error.message, '`npm run up`')], true);
    }
    const stack = await stackChecks(probe, where);
    checks.push(...stack.checks);
    if (stack.nothing) return diagnosis(options.on, checks, true);
  }
  const opened = await openOr(options);
  if ('missing' in opened) {
    checks.push(opened.missing);
    return diagnosis(options.on, checks, opened.nothing);
  }
  const { backend } = opened;
  try {
    if (options.on === 'simulator')
      checks.push(well('saved run', `.grace, at ${timeOf(backend.clock.now())}`));
    const items = backend.stateItems();
    checks.push(
      ...(await storeChecks({
        state: backend.state,
        audit: backend.audit,
        now: () => backend.clock.now(),
        shipped,
        policyVersion: policyVersionOf(options.policies),
        ...(items === undefined ? {} : { items }),
      })),
    );
  } finally {
    await backend.close();
  }
  if (options.on === 'simulator') checks.push(...simulatorNotes());
  return diagnosis(options.on, checks, false);
}

type Opened = { readonly backend: Backend } | { readonly missing: Check; readonly nothing: boolean };

async function openOr({ on, open }: DoctorOptions): Promise<Opened> {
  const name = on === 'simulator' ? 'saved run' : 'deployment';
  try {
    return { backend: await open() };
  } catch (error) {
    const { message } = error as Error;
    const fix = on === 'simulator' ? '`npm start` makes one' : 'deploy it again';
    return { missing: wrong(name, message, fix), nothing: error instanceof NothingThereError };
  }
}

const timeOf = (at: number): string => new Date(at).toISOString();

/** None of it is in the simulator, so nothing is said about it. */
function simulatorNotes(): readonly Check[] {
  return [
    {
      name: 'AWS',
      status: 'not_checked',
      detail: 'the simulator has no IAM, no quotas and no network',
      fix: 'grace doctor --on emulator, or --on aws',
    },
  ];
}

/** `undefined`: they cannot be read, which their own check has said. */
function policyVersionOf(directory: string): string | undefined {
  try {
    return checkPolicies(directory).version ?? undefined;
  } catch {
    return undefined;
  }
}

function shippedOf(directory: string): CompiledPlaybooks {
  try {
    const library = loadPlaybooks(directory);
    return library.ok ? library.compiled : [];
  } catch {
    // Said already by the check of the playbooks.
    return [];
  }
}
