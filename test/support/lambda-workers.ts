import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends the processes of an emulator that run one function, as a machine under Lambda ends: at once, whatever they are
 * doing. Only processes of the group given are looked at. Linux only; elsewhere nothing is ended.
 * @returns how many were ended
 */
export function killWorkers(group: number, functionName: string): number {
  let ended = 0;
  for (const pid of processIds()) {
    if (pid === group || groupOf(pid) !== group) continue;
    if (!environmentOf(pid).includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
      ended += 1;
    } catch (error) {
      // It has ended by itself since.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return ended;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Field 5 of `stat`, behind the command, which stands in brackets and may hold anything. */
function groupOf(pid: number): number | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

const environmentOf = (pid: number): string[] => readOrNothing(`/proc/${pid}/environ`).split('\0');

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
