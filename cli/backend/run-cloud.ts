import type { CapturedError } from '../../shared/contracts/error-detected';
import type { AlarmEvent } from '../simulator/cloud/alarm-events';
import { type JoinedWorlds, joinWorlds } from '../simulator/cloud/joined-worlds';
import { createWorld, type World } from '../simulator/cloud/world';
import type { WorldFile } from '../simulator/cloud/world-file';
import { createKernel, type Kernel } from '../simulator/kernel';
import type { RunFile } from './saved-run';

/** The simulated cloud of a run: worlds that began one after the other. */
export interface RunCloud {
  readonly joined: JoinedWorlds;
  /** How each world began, for saving it. */
  readonly begun: readonly { readonly startMs: number; readonly file: WorldFile }[];
  begin(
    file: WorldFile,
    listen?: { onEvent: (event: AlarmEvent) => void; onError: (error: CapturedError, at: number) => void },
  ): World;
}

export function runCloud(kernel: Kernel, seed: string): RunCloud {
  const joined = joinWorlds();
  const begun: { startMs: number; file: WorldFile }[] = [];
  // Noise comes from the run's own seed, whichever kernel drives it: a world is the same when built again.
  const { fork } = createKernel({ startMs: 0, seed });
  return {
    joined,
    begun,
    begin(file, listen) {
      const clock = { now: kernel.now, schedule: kernel.schedule, fork };
      const world = createWorld({ kernel: clock, file, ...listen });
      joined.add(world);
      begun.push({ startMs: kernel.now(), file });
      return world;
    },
  };
}

/** Builds the cloud of a saved run by letting the same calls happen at the same times. */
export async function replayCloud(kernel: Kernel, run: RunFile): Promise<RunCloud> {
  const cloud = runCloud(kernel, run.seed);
  const begins = run.worlds.map(({ startMs, file }) => ({
    at: startMs,
    happen: () => cloud.begin(file).stop(),
  }));
  const calls = run.calls.map((call) => ({ at: call.at, happen: () => cloud.joined.repeat(call) }));
  for (const { at, happen } of [...begins, ...calls].sort((a, b) => a.at - b.at)) {
    await kernel.run({ untilMs: at });
    await happen();
  }
  await kernel.run({ untilMs: run.nowMs });
  return cloud;
}
