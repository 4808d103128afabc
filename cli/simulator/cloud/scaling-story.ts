import { type Incident, type Truth, varyBy } from './incident';
import type { Scene, Twist } from './scene-builder';

interface Story {
  readonly name: string;
  readonly summary: string;
  readonly twist?: Twist;
  readonly truth: Omit<Truth, 'maxEffects'> & { readonly maxEffects?: number };
}

/** Requests that a tier-1 scaling with this end can have sent: there, and back. */
const EFFECTS: Partial<Record<Truth['end'], number>> = { resolved: 1, rolled_back: 2, needs_person: 1 };

/** Incidents of one playbook that scales: a scene, and what is different in each. */
export function scaling(playbook: string, scene: Scene, needsApproval = false) {
  return ({ name, summary, twist, truth }: Story): Incident => ({
    name,
    summary,
    playbook,
    needsApproval,
    world: (seed) => scene(varyBy(name, seed), twist),
    truth: { maxEffects: EFFECTS[truth.end] ?? 0, ...truth },
  });
}
