import { canonicalJson, type JsonValue } from '../../shared/domain/canonical-json';
import { compilePatterns } from '../../shared/domain/diagnosis';
import { type EventReading, readEvents } from './read-events';
import { NOTHING, type SimulateOptions, type Simulation, simulateEvent } from './simulate-event';

/** One event of one file. The first ten keys are those that scripts rely on. */
export interface SimulationRow
  extends Omit<Simulation, 'refused' | 'eventTime' | 'clock'>,
    Partial<Pick<Simulation, 'eventTime' | 'clock'>> {
  readonly file: string;
  readonly index: number;
}

export interface SimulationReport {
  readonly rows: readonly SimulationRow[];
  /** Events that nobody could take in. */
  readonly refused: number;
  /** Files that are not there or cannot be read. */
  readonly unreadable: number;
}

/** Simulates every event of every file, each by itself; within one file an id may come once. */
export async function simulateFiles(
  files: readonly string[],
  { cwd, ...options }: Omit<SimulateOptions, 'diagnose'> & { readonly cwd: string },
): Promise<SimulationReport> {
  const diagnose = compilePatterns(options.playbooks);
  const rows: SimulationRow[] = [];
  let refused = 0;
  let unreadable = 0;
  for (const file of files) {
    const seen = new Map<string, string>();
    for (const reading of readEvents(file, cwd)) {
      const place = { file, index: reading.index ?? 0 };
      const known = repeated(reading, seen);
      if (reading.kind !== 'event' || known !== undefined) {
        const { code, message } = known ?? (reading as { code: string; message: string });
        rows.push({ ...place, ...ignored(code, message) });
        if (code !== 'DUPLICATE') refused += reading.kind === 'unreadable' ? 0 : 1;
        if (reading.kind === 'unreadable') unreadable += 1;
        continue;
      }
      const { refused: bad, ...simulation } = await simulateEvent(reading, { ...options, diagnose });
      rows.push({ ...place, ...simulation });
      if (bad) refused += 1;
    }
  }
  return { rows, refused, unreadable };
}

/** The sentinel's own rule for ids, for events that come together. */
function repeated(reading: EventReading, seen: Map<string, string>) {
  if (reading.kind !== 'event') return undefined;
  const { error } = reading;
  const body = canonicalJson(error as unknown as JsonValue);
  const before = seen.get(error.eventId);
  seen.set(error.eventId, before ?? body);
  if (before === undefined) return undefined;
  return before === body
    ? { code: 'DUPLICATE', message: 'this event stands in the file before' }
    : {
        code: 'SAME_ID_OTHER_BODY',
        message: `another event with id ${error.eventId} stands in the file before`,
      };
}

function ignored(reason: string, detail: string): Omit<SimulationRow, 'file' | 'index'> {
  return { decision: 'ignore', reason, detail, ...NOTHING, matches: null, assumed: [] };
}
