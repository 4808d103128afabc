import * as z from 'zod/mini';
import { ApiSettings, SignInSettings } from './access-settings';
import { Duration } from './duration';
import { Webhook } from './webhook';

const seconds = (minimum: number, maximum: number, preset: string) =>
  z.prefault(Duration(minimum, maximum), preset);

/** IAM principals, or subjects of tokens (`issuer#sub`). */
const Principals = z._default(
  z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(100)),
  [],
);

/** Every setting there is. Defaults are the safe ones: observe, nobody may approve, nothing can be deleted. */
export const Settings = z.strictObject({
  /** Names the stack and all its resources, so that several can stand in one account. */
  deployment: z._default(
    z
      .string()
      .check(z.regex(/^[a-z][a-z0-9-]{1,20}$/, 'lower case letters, digits and -, 2 to 21 characters')),
    'grace',
  ),
  /** Data may be deleted with the stack; only for trials. */
  ephemeral: z._default(z.boolean(), false),
  /** `observe` says what Grace would do; `act` does it. Default: observe, or act when ephemeral. */
  mode: z.optional(z.enum(['observe', 'act'])),
  /** Accounts and regions come from where it is deployed; events of others are refused. */
  executors: z._default(z.array(z.enum(['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot'])), [
    'aws.scale_instances',
    'aws.restart_ec2',
    'aws.rds_reboot',
  ]),
  approvals: z.prefault(
    z.strictObject({
      /** IAM principals that may approve. Empty means that nobody can, never that everybody may. */
      approvers: Principals,
      /** May also cancel a request. */
      administrators: Principals,
      /** May break the glass: agree alone, in an emergency. They are not approvers by that. */
      emergency: Principals,
      /** Become eligible when half of a request's time has passed. */
      escalation: Principals,
      /** May be delegated to without being anything else. */
      delegates: Principals,
      longestDelegation: seconds(3600, 604_800, '1d'),
      tier2Quorum: z._default(z.int().check(z.gte(1), z.lte(10)), 1),
      tier3Quorum: z._default(z.int().check(z.gte(2), z.lte(10)), 2),
      expires: seconds(60, 86_400, '1h'),
      executeWithin: seconds(60, 86_400, '15m'),
    }),
    {},
  ),
  policy: z.prefault(
    z.strictObject({
      /** SSM change calendars, by name or ARN. One that is closed, or cannot be asked, stops what policies say it stops. */
      changeCalendars: z._default(
        z
          .array(
            z
              .string()
              .check(
                z.regex(
                  /^([\w.-]{3,128}|arn:aws[\w-]*:ssm:[\w-]+:\d{12}:document\/[\w.-]{3,128})$/,
                  'the name of a change calendar, or its ARN (arn:aws:ssm:…:document/NAME)',
                ),
              ),
          )
          .check(z.maxLength(10)),
        [],
      ),
    }),
    {},
  ),
  api: ApiSettings,
  signIn: SignInSettings,
  limits: z.prefault(
    z.strictObject({
      /** Actions that run at once, over all targets. */
      concurrentActions: z._default(z.int().check(z.gte(1), z.lte(1000)), 6),
      /** How long the same fingerprint joins what its first event began. */
      fingerprintWindow: seconds(10, 86_400, '5m'),
      /** An executor's own step: the call and the service's acceptance of it. */
      executorTimeout: seconds(5, 600, '60s'),
      /** Events older than this are recorded and not acted on. */
      maximumEventAge: seconds(60, 86_400, '1h'),
    }),
    {},
  ),
  alarms: z.prefault(
    z.strictObject({
      /** SNS topic that hears of Grace's own trouble. Without one the alarms are only seen by who looks. */
      topicArn: z.optional(
        z
          .string()
          .check(
            z.regex(
              /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
              'the ARN of an SNS topic, such as "arn:aws:sns:us-east-1:123456789012:on-call"',
            ),
          ),
      ),
    }),
    {},
  ),
  audit: z.prefault(
    z.strictObject({
      /** Each name is a key that signs checkpoints; two while one takes over from the other. */
      signingKeys: z._default(
        z
          .array(z.string().check(z.regex(/^[a-z][a-z0-9]{0,15}$/, 'lower case letters and digits, 1 to 16')))
          .check(z.minLength(1), z.maxLength(4)),
        ['a'],
      ),
      /** Verifier keys of witnesses (C2SP `name+id+base64`) whose signatures are kept beside the sealed copies. */
      witnesses: z._default(
        z
          .array(
            z
              .string()
              .check(
                z.maxLength(512),
                z.regex(/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/, 'a verifier key: name+id+base64'),
              ),
          )
          .check(z.maxLength(20)),
        [],
      ),
      /** How long sealed copies cannot be deleted; `compliance`: by nobody, not even the account's owner. */
      lock: z._default(z.enum(['governance', 'compliance']), 'governance'),
      lockDays: z._default(z.int().check(z.gte(1), z.lte(36_500)), 365),
    }),
    {},
  ),
  retention: z.prefault(
    z.strictObject({
      logDays: z._default(z.int().check(z.gte(1), z.lte(3653)), 90),
      archiveDays: z._default(z.int().check(z.gte(1), z.lte(3650)), 365),
    }),
    {},
  ),
  /** Where the web console is, for the links in webhooks. */
  consoleUrl: z.optional(z.url({ protocol: /^https$/ }).check(z.maxLength(512))),
  /** Who is told of requests for approval and of what needs a person. */
  webhooks: z._default(z.array(Webhook).check(z.maxLength(10)), []),
});
export type SettingsFile = z.input<typeof Settings>;
/** Settings with the mode decided. */
export type Settings = Omit<z.infer<typeof Settings>, 'mode'> & { readonly mode: 'observe' | 'act' };

/** Parses settings (throws ZodError) and decides the mode. */
export function parseSettings(input: unknown): Settings {
  const parsed = Settings.parse(input);
  return { ...parsed, mode: parsed.mode ?? (parsed.ephemeral ? 'act' : 'observe') };
}
