/** What can be reached from where in a loaded state machine; for the lint of the definition. */
import type { State, StateMachine } from './definition';
import { type Edge, stateMachineEdges } from './parse-definition';

export type StateMachinePaths = {
  readonly states: readonly string[];
  readonly edges: readonly Edge[];
  /** States that no path from StartAt reaches. */
  readonly unreachable: readonly string[];
  /** States from which no end (Succeed, Fail, or `"End": true`) can be reached. */
  readonly endless: readonly string[];
};

export function stateMachinePaths(machine: StateMachine): StateMachinePaths {
  const states = [...machine.states.keys()];
  const edges = stateMachineEdges(machine);
  const ends = states.filter((name) => isEnd(machine.states.get(name) as State));
  const forward = closure([machine.startAt], (name) => edges.filter((e) => e.from === name).map((e) => e.to));
  const backward = closure(ends, (name) => edges.filter((e) => e.to === name).map((e) => e.from));
  return {
    states,
    edges,
    unreachable: states.filter((name) => !forward.has(name)),
    endless: states.filter((name) => !backward.has(name)),
  };
}

function isEnd(state: State): boolean {
  if (state.type === 'Succeed' || state.type === 'Fail') return true;
  return state.type !== 'Choice' && state.next === undefined;
}

function closure(
  from: readonly string[],
  neighbours: (name: string) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set(from);
  for (const name of seen) for (const neighbour of neighbours(name)) seen.add(neighbour);
  return seen;
}
