/** The state machine's file as the table in `statemachines/README.md`. */
export interface AslState {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly StringEquals: string; readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Retry?: readonly Readonly<Record<string, unknown>>[];
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
}
export interface AslMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
}

/** Where a state leads: all states that may come after it. */
export function nextOf({ Next, Default, Choices = [], Catch = [] }: AslState): string[] {
  const all = [...Choices.map((choice) => choice.Next), Default, Next, ...Catch.map((each) => each.Next)];
  return [...new Set(all.filter((name) => name !== undefined))];
}

/** One row a state, in the order of the file. */
export function stateTable({ States }: AslMachine): string {
  const rows = Object.entries(States).map(([name, state]) =>
    ['', name, state.Type, state.Comment ?? '', whereNext(state), ''].join(' | ').trim(),
  );
  return ['| state | kind | what it does | where next |', '|---|---|---|---|', ...rows].join('\n');
}

function whereNext({ Type, Choices = [], Default, Next, Catch = [] }: AslState): string {
  if (Type === 'Choice') {
    return [...Choices.map((choice) => `\`${choice.StringEquals}\` ${choice.Next}`), `else ${Default}`].join(
      '; ',
    );
  }
  if (Next === undefined) return 'the end';
  return [Next, ...Catch.map((each) => `on a fault ${each.Next}`)].join('; ');
}
