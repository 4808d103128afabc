import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { ssmChangeCalendars } from '../../shared/stores/aws/change-calendars';

const ssm = mockClient(SSMClient);
const client = new SSMClient({ region: 'us-east-1' });
const faults: unknown[] = [];
const calendars = (...names: string[]) =>
  ssmChangeCalendars({ client, names, onFault: (error) => void faults.push(error) });

beforeEach(() => {
  ssm.reset();
  faults.length = 0;
});

describe('change calendars', () => {
  test('are asked in one call, and say open or closed', async () => {
    ssm.on(GetCalendarStateCommand).resolvesOnce({ State: 'OPEN' }).resolvesOnce({ State: 'CLOSED' });
    expect(await calendars('releases', 'freeze').state()).toBe('open');
    expect(await calendars('releases').state()).toBe('closed');
    expect(ssm.call(0).args[0].input).toEqual({ CalendarNames: ['releases', 'freeze'] });
  });

  test('are not asked where none is configured', async () => {
    expect(await calendars().state()).toBe('none');
    expect(ssm.calls()).toHaveLength(0);
  });

  test('that cannot be asked, or say something else, are unknown; the fault is told', async () => {
    ssm.on(GetCalendarStateCommand).rejectsOnce(new Error('no such document')).resolves({});
    expect(await calendars('releases').state()).toBe('unknown');
    expect(faults.map(String)).toEqual(['Error: no such document']);
    expect(await calendars('releases').state()).toBe('unknown');
  });
});
