import * as z from 'zod';
import { Duration } from './duration';

const seconds = (minimum: number, maximum: number, preset: string) =>
  Duration(minimum, maximum).prefault(preset);

/** Every setting there is. Defaults are the safe ones: observe, nobody may approve, nothing can be deleted. */
export const Settings = z.strictObject({
  /** Names the stack and all its resources, so that several can stand in one account. */
  deployment: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,20}$/, 'lower case letters, digits and -, 2 to 21 characters')
    .default('grace'),
  /** Data may be deleted with the stack; only for trials. */
  ephemeral: z.boolean().default(false),
  /** `observe` says what Grace would do; `act` does it. Default: observe, or act when ephemeral. */
  mode: z.enum(['observe', 'act']).optional(),
  /** Accounts and regions come from where it is deployed; events of others are refused. */
  executors: z
    .array(z.enum(['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot']))
    .default(['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot']),
  approvals: z
    .strictObject({
      /** IAM principals that may approve. Empty means that nobody can, never that everybody may. */
      approvers: z.array(z.string().min(1).max(256)).max(100).default([]),
      tier2Quorum: z.number().int().min(1).max(10).default(1),
      tier3Quorum: z.number().int().min(2).max(10).default(2),
      expires: seconds(60, 86_400, '1h'),
      executeWithin: seconds(60, 86_400, '15m'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Actions that run at once, over all targets. */
      concurrentActions: z.number().int().min(1).max(1000).default(6),
      /** How long the same fingerprint joins what its first event began. */
      fingerprintWindow: seconds(10, 86_400, '5m'),
      /** An executor's own step: the call and the service's acceptance of it. */
      executorTimeout: seconds(5, 600, '60s'),
      /** Events older than this are recorded and not acted on. */
      maximumEventAge: seconds(60, 86_400, '1h'),
    })
    .prefault({}),
  retention: z
    .strictObject({
      logDays: z.number().int().min(1).max(3653).default(90),
      archiveDays: z.number().int().min(1).max(3650).default(365),
    })
    .prefault({}),
});
export type SettingsFile = z.input<typeof Settings>;
/** Settings with the mode decided. */
export type Settings = Omit<z.infer<typeof Settings>, 'mode'> & { readonly mode: 'observe' | 'act' };

/** Parses settings (throws ZodError) and decides the mode. */
export function parseSettings(input: unknown): Settings {
  const parsed = Settings.parse(input);
  return { ...parsed, mode: parsed.mode ?? (parsed.ephemeral ? 'act' : 'observe') };
}
