import type { CauseFile, EffectFile } from './world-file';

/** A fault under way. Its severity: 0 = not there, 1 = as the file describes it. Times: milliseconds since 1970. */
export interface Cause {
  readonly file: CauseFile;
  /** Mean severity within [from, to). Settled once `to` has passed: changes begin now or later. */
  severity(from: number, to: number): number;
  /** It goes away by itself, whatever was or will be done. */
  recoverAt(at: number): void;
  /** An action was accepted. `improved`: a scaling left the group better off than it was at first. */
  act(
    action: { readonly name: string; readonly resource: string; readonly at: number },
    improved: boolean,
  ): void;
  /** A scaling was undone, by whomever: the cause comes back. */
  undo(resource: string, at: number): void;
}

type Step = { readonly at: number; readonly value: number };

/** Instants looked at within a period, for the mean. */
const SAMPLES = 6;

export function createCause(file: CauseFile, worldStart: number): Cause {
  const start = worldStart + file.fromSeconds * 1000;
  let steps: Step[] = [];
  let recoveredAt = Number.POSITIVE_INFINITY;
  let undoable: EffectFile | undefined;

  function stepped(at: number): number {
    const last = steps.findLast((step) => step.at <= at);
    return last ? last.value : 1;
  }

  function severityAt(at: number): number {
    if (at < start || at >= recoveredAt) return 0;
    if (file.flapping) {
      const period = file.flapping.periodSeconds * 1000;
      if ((at - start) % period >= period / 2) return 0;
    }
    const ramp = file.rampSeconds === 0 ? 1 : Math.min(1, (at - start) / (file.rampSeconds * 1000));
    return ramp * stepped(at);
  }

  /** From then on the severity is as these steps say; what was planned for later is void. */
  function plan(next: readonly Step[]): void {
    const [first] = next;
    if (first) steps = [...steps.filter((step) => step.at < first.at), ...next];
  }

  return {
    file,
    severity(from, to) {
      if (to <= start || from >= recoveredAt) return 0;
      let sum = 0;
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        sum += severityAt(from + ((sample + 0.5) / SAMPLES) * (to - from));
      }
      return sum / SAMPLES;
    },
    recoverAt(at) {
      recoveredAt = Math.min(recoveredAt, at);
    },
    act(action, improved) {
      const effect = file.effects.find(
        (candidate) =>
          candidate.onAction === action.name && (candidate.resource ?? action.resource) === action.resource,
      );
      if (!effect || effect.outcome === 'nothing') return;
      const scaling = effect.onAction === 'aws.scale_instances';
      if (scaling && (!improved || undoable)) return;
      if (scaling) undoable = effect;
      const at = action.at + effect.afterSeconds * 1000;
      if (effect.outcome === 'worsens') plan([{ at, value: effect.severity }]);
      else if (effect.outcome === 'heals') plan([{ at, value: 0 }]);
      else
        plan([
          { at, value: 0 },
          { at: at + effect.harmsAfterSeconds * 1000, value: effect.severity },
        ]);
    },
    undo(resource, at) {
      if (!undoable || (undoable.resource ?? resource) !== resource) return;
      plan([{ at, value: 1 }]);
      undoable = undefined;
    },
  };
}

/** Which way a scaling of this group helps, as the cause's file says. */
export function helpfulDirection(file: CauseFile, resource: string): 'more' | 'less' {
  const effect = file.effects.find(
    (candidate) =>
      candidate.onAction === 'aws.scale_instances' && (candidate.resource ?? resource) === resource,
  );
  return effect?.direction ?? 'more';
}
