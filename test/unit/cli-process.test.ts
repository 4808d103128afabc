import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SimulateOutput } from '../support/cli-schemas';
import { scratch } from '../support/memory-io';

const BIN = join(__dirname, '../../bin/grace.mjs');
const { cwd, remove } = scratch();
afterAll(remove);

function bin(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...argv], { cwd });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('the command as it is installed', () => {
  it.each<[string, string | Buffer, string]>([
    ['deep.json', '['.repeat(500_000), 'TOO_DEEP'],
    ['large.json', Buffer.alloc(1_000_001, 0x20), 'TOO_LARGE'],
    ['bytes.json', Buffer.from([0xff, 0xfe, 0x00]), 'BYTE_ORDER_MARK'],
  ])('lives through %s and names what is wrong', async (name, content, reason) => {
    writeFileSync(join(cwd, name), content);
    const { code, out, err } = await bin('simulate', name, '--json');
    expect([code, err]).toEqual([1, '']);
    expect(SimulateOutput.parse(JSON.parse(out))).toMatchObject([{ file: name, decision: 'ignore', reason }]);
  });

  it('ends with 2 and one line when it is called wrongly', async () => {
    const { code, out, err } = await bin('demo', '--jsno');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain("unknown option '--jsno'");
  });

  it('plays the demo without a colour where there is no terminal', async () => {
    const { code, out } = await bin('demo');
    expect(code).toBe(0);
    expect(out).toContain('4 of 4');
    expect(out).not.toContain('\u001b');
  });
});
