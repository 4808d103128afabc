import type { FileProblem } from '../../shared/contracts/playbook-file';
import type { Io } from '../io';

/** Each with its place and its fix, on standard error: `web.yaml:12 steps.0.action: …; fix: …`. */
export function printProblems(io: Io, problems: readonly FileProblem[]): void {
  for (const { file, line, field, message, fix } of problems) {
    io.err(`${file}:${line} ${field}: ${message}${fix === undefined ? '' : `; fix: ${fix}`}`);
  }
}
