/** Commands to try on an emulator that was just brought up, each with what it is for. */
export function nextCommands(options: {
  readonly stack: string;
  /** Where the API is. */
  readonly api: string;
  /** The demo instance's id. */
  readonly instance: string | undefined;
}): readonly { readonly command: string; readonly what: string }[] {
  const stack = options.stack === 'grace' ? '' : ` --stack ${options.stack}`;
  const on = `--on emulator${stack}`;
  const hang = `--for application:demo --service demo --name DeadlockError --attribute instance_id=${options.instance ?? 'i-…'}`;
  return [
    { command: `npx grace doctor ${on}`, what: 'look at every connection and permission' },
    { command: `npx grace emit ${on} ${hang}`, what: 'the demo instance reports that it hangs' },
    {
      command: `npx grace contract list ${on}`,
      what: 'what Grace makes of it: a contract that waits for approval',
    },
    {
      command: `npx grace approve CONTRACT ${on} --as anna --reason "…"`,
      what: 'let it reboot the instance (or: deny)',
    },
    {
      command: `curl -H "Authorization: Bearer $(npx grace token${stack} --as anna)" ${options.api}/api/me`,
      what: 'the API, as somebody of its user pool; GET /api/openapi.json says what there is',
    },
    {
      command: `npm run web && npx grace serve ${on}`,
      what: 'the console, until Ctrl-C (npm run up -- --serve does it at once)',
    },
    { command: `npx grace scenario ${on}`, what: 'incidents from alarm to proof; takes some minutes' },
    { command: `npx grace audit verify ${on}`, what: 'recompute the audit chain' },
    { command: 'npm run down', what: 'remove it all' },
  ];
}
