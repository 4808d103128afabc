import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Item } from '../../shared/ports/table';
import { NothingThereError, UnusableError } from '../errors';
import { WorldFile } from '../simulator/cloud/world-file';

/**
 * A simulator run on disk, `.grace/`:
 *
 * - `run.json`: the clock, the settings, the simulated cloud as it began and every call that it accepted
 * - `state.json`, `tokens.json`, `audit.json`: the tables' items (`audit.json` is the log)
 * - `documents.json`: evidence, by name
 * - `transitions.json`: every state that an execution entered
 *
 * A set is written as `{"$set": […]}`. Each file is replaced as a whole; `run.json` last.
 */
export const RUN_DIRECTORY = '.grace';
/** Below it, the sealed copies of the audit log (`shared/domain/tlog/seal-layout.ts`). */
export const SEAL_DIRECTORY = 'seal';

const Scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const Call = z.strictObject({
  world: z.number().int().nonnegative(),
  at: z.number().int(),
  executor: z.enum(['executor-autoscaling', 'executor-ec2', 'executor-rds']),
  call: z.strictObject({
    action: z.string(),
    target: z.strictObject({
      kind: z.enum(['autoscaling:group', 'ec2:instance', 'rds:instance']),
      region: z.string(),
      account: z.string(),
      id: z.string(),
    }),
    intended: Scalars,
    clientToken: z.string(),
    intentAt: z.number().int(),
  }),
});
export const RunFile = z.strictObject({
  schema: z.literal(1),
  /** Of all worlds; never changes. */
  seed: z.string(),
  /** Commands that have worked on it. */
  generation: z.number().int().nonnegative(),
  startMs: z.number().int(),
  nowMs: z.number().int(),
  account: z.string(),
  region: z.string(),
  /** As the settings file has them. */
  settings: z.record(z.string(), z.json()),
  playbooks: z.array(
    z.strictObject({ name: z.string(), version: z.string(), playbook: z.record(z.string(), z.json()) }),
  ),
  policies: CompiledPolicies,
  worlds: z.array(z.strictObject({ startMs: z.number().int(), file: WorldFile })),
  calls: z.array(Call),
});
export type RunFile = z.infer<typeof RunFile>;

const Transition = z.strictObject({ at: z.number().int(), execution: z.string(), state: z.string() });
export type Transition = z.infer<typeof Transition>;

export interface SavedRun {
  readonly run: RunFile;
  readonly state: readonly Item[];
  readonly tokens: readonly Item[];
  readonly audit: readonly Item[];
  readonly documents: Readonly<Record<string, string>>;
  readonly transitions: readonly Transition[];
}

const Items = z.array(z.looseObject({ pk: z.string(), sk: z.string() }));
const PARTS = {
  state: Items,
  tokens: Items,
  audit: Items,
  documents: z.record(z.string(), z.string()),
  transitions: z.array(Transition),
  run: RunFile,
} as const;

export function saveRun(cwd: string, saved: SavedRun): void {
  const directory = join(cwd, RUN_DIRECTORY);
  mkdirSync(directory, { recursive: true });
  for (const part of Object.keys(PARTS) as (keyof typeof PARTS)[]) {
    const path = join(directory, `${part}.json`);
    writeFileSync(`${path}.new`, `${JSON.stringify(saved[part], writable, 1)}\n`);
    renameSync(`${path}.new`, path);
  }
}

/**
 * @throws NothingThereError when there is no run; UnusableError naming the file that is damaged
 */
export function loadRun(cwd: string): SavedRun {
  const parts = Object.entries(PARTS).map(([part, schema]) => [part, readPart(cwd, part, schema)]);
  return Object.fromEntries(parts) as unknown as SavedRun;
}

function readPart(cwd: string, part: string, schema: z.ZodType): unknown {
  const name = join(RUN_DIRECTORY, `${part}.json`);
  let text: string;
  try {
    text = readFileSync(join(cwd, name), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new UnusableError(`${name} cannot be read`, { cause });
    throw new NothingThereError('there is no saved simulator run here; `npm start` makes one');
  }
  try {
    return schema.parse(JSON.parse(text, readable));
  } catch (cause) {
    throw new UnusableError(`${name} is damaged; \`npm start\` makes a new run`, { cause });
  }
}

function writable(_key: string, value: unknown): unknown {
  if (value instanceof Set) return { $set: [...value].sort() };
  return value;
}

/** Only an object that is nothing but `$set` is a set; attribute names of ours never begin with a dollar sign. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = (value as { $set?: unknown }).$set;
  return Array.isArray(members) && Object.keys(value).length === 1 ? new Set(members) : value;
}
