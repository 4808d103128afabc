import type { Status } from '../../../shared/domain/transitions';
import { createKernel } from '../kernel';
import type { WorldFile } from './world-file';

/** `no_contract`: the sentinel records why it does nothing, and writes no contract. */
export type IncidentEnd = Status | 'no_contract';

/** What is true of an incident, whatever Grace makes of it. */
export interface Truth {
  /** How the first contract must end. */
  readonly end: IncidentEnd;
  /** Other ends that are no mistake. */
  readonly allowed?: readonly { readonly end: IncidentEnd; readonly because: string }[];
  /** The fault is gone at the end of the effect window (at the end of the wait, where nothing is done). */
  readonly recovered: boolean;
  /** It is back after the window: no verdict at the window's end can know. */
  readonly harmAfterWindow?: boolean;
  /** Most requests that may be accepted, both ways and of all contracts together. */
  readonly maxEffects: number;
}

export interface ScriptedApproval {
  readonly decision: 'approve' | 'deny' | 'none';
  /** From the request. */
  readonly afterSeconds: number;
}

/** Where an incident says nothing of its approver. */
export const PROMPT_APPROVAL: ScriptedApproval = { decision: 'approve', afterSeconds: 60 };

/** One incident of the corpus. Nothing of this is known to Grace. */
export interface Incident {
  readonly name: string;
  readonly summary: string;
  /** The shipped playbook that it is for; null where none is. */
  readonly playbook: string | null;
  readonly needsApproval: boolean;
  /** Default: `PROMPT_APPROVAL`. */
  readonly approval?: ScriptedApproval;
  /** The alarm event reaches the bus so late. */
  readonly eventDelaySeconds?: number;
  /** Place among the four incidents that `npm start` shows. */
  readonly demo?: 1 | 2 | 3 | 4;
  /** The same seed, the same world; another one varies levels, noise and times, never the truth. */
  world(seed: number): WorldFile;
  readonly truth: Truth;
}

/** Draws for one variant of an incident. */
export interface Vary {
  /** Uniform, from `least` to `most`. */
  number(least: number, most: number): number;
  /** Whole, both ends included. */
  whole(least: number, most: number): number;
}

export function varyBy(name: string, seed: number): Vary {
  const { random } = createKernel({ startMs: 0, seed: `incident ${name} ${seed}` });
  const number = (least: number, most: number) => least + random() * (most - least);
  return { number, whole: (least, most) => Math.floor(number(least, most + 1)) };
}
