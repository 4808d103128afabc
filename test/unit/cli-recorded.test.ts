import { readTrigger, recordedTrigger } from '../../cli/demo/recorded-trigger';
import { DEMO_INCIDENTS } from '../../cli/simulator/cloud/incidents';
import { readIntake } from '../../shared/contracts/intake-event';

describe('the recorded events of the demo', () => {
  test.each(DEMO_INCIDENTS.map((incident) => [incident.name, incident] as const))(
    '%s: is an alarm event that intake takes, of an alarm of that world',
    (name, incident) => {
      const event = readTrigger(name);
      const reading = readIntake(JSON.stringify(event));
      expect(reading).toMatchObject({ ok: true, error: { alarm: { state: 'ALARM' } } });
      expect(incident.world(1).alarms.map((alarm) => alarm.name)).toContain(event.detail.alarmName);
    },
  );

  test('take the place of the first alarm only, as of the moment that it goes off', () => {
    const [incident] = DEMO_INCIDENTS;
    if (incident === undefined) throw new Error('there is no demo');
    const recorded = readTrigger(incident.name);
    const made = { ...recorded, id: 'made', time: '2030-01-01T00:00:00Z' };
    const cleared = {
      ...made,
      detail: { ...made.detail, state: { ...made.detail.state, value: 'OK' as const } },
    };
    const replay = recordedTrigger(incident.name);
    expect(replay(cleared)).toBe(cleared);
    expect(replay(made)).toEqual({ ...recorded, time: made.time });
    expect(replay(made)).toBe(made);
  });
});
