import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlarmEvent } from '../simulator/cloud/alarm-events';

const RECORDED = join(__dirname, 'recorded');

/** The recorded CloudWatch event that an incident of the demo begins with. */
export function readTrigger(incident: string): AlarmEvent {
  return JSON.parse(readFileSync(join(RECORDED, `${incident}.json`), 'utf8')) as AlarmEvent;
}

/**
 * Replays the recorded event when the incident's alarm goes off for the first time, as of that moment: an event
 * of another day would be too old to act on. What follows depends on what Grace and people do, so it comes from the
 * simulated alarms.
 */
export function recordedTrigger(incident: string): (made: AlarmEvent) => AlarmEvent {
  const recorded = readTrigger(incident);
  let replayed = false;
  return (made) => {
    if (replayed || made.detail.state.value !== 'ALARM') return made;
    replayed = true;
    return { ...recorded, time: made.time };
  };
}
