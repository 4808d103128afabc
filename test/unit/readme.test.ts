import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const scripts = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts);
const documents = [
  'README.md',
  'docs/auditors/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Every `npm …` and `npx grace …` that a document shows, in a block or in a line. */
function commandsOf(text: string): string[] {
  const found = [...text.matchAll(/(?:npx grace|npm(?: run)?) [a-z][^`\n|#]*/g)].map(([command]) =>
    command.trim(),
  );
  return found.flatMap((command) => command.split('&&').map((part) => part.trim()));
}

function grace(...args: string[]): { code: number; output: string } {
  try {
    const output = execFileSync(process.execPath, [join(ROOT, 'bin/grace.mjs'), ...args], {
      encoding: 'utf8',
      cwd: ROOT,
      stdio: 'pipe',
    });
    return { code: 0, output };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, output: `${stdout}${stderr}` };
  }
}

/** Words of a command before its options and its arguments in capitals. */
const words = (command: string): string[] => {
  const all = command.replace(/^npx grace /, '').split(/\s+/);
  const end = all.findIndex((word) => !/^[a-z]+$/.test(word));
  return end === -1 ? all : all.slice(0, end);
};

describe('what the documents tell people to run exists', () => {
  const commands = [
    ...new Set(documents.flatMap((name) => commandsOf(readFileSync(join(ROOT, name), 'utf8')))),
  ];
  const npm = commands.filter((command) => command.startsWith('npm'));
  const npx = [
    ...new Set(
      commands
        .filter((command) => command.startsWith('npx grace'))
        .map((command) => words(command).slice(0, 2).join(' ')),
    ),
  ];

  test('the documents do show commands', () => {
    expect(npm.length).toBeGreaterThan(3);
    expect(npx.length).toBeGreaterThan(5);
  });

  test.each(npm)('%s', (command) => {
    const name = command.replace(/^npm (run )?/, '').split(/\s/)[0] as string;
    expect([...scripts, 'ci']).toContain(name);
  });

  test('each `npx grace` command is one that the program knows', () => {
    const unknown = npx.filter((command) => grace(...command.split(' '), '--help').code !== 0);
    expect(unknown).toEqual([]);
  });

  test.each(documents)('%s: links lead somewhere', (name) => {
    const text = readFileSync(join(ROOT, name), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
    const broken = links.filter((target) => !existsSync(join(ROOT, dirname(name), target)));
    expect(broken).toEqual([]);
  });

  test('every alarm of the stack names a chapter of the runbook that is there', () => {
    const runbook = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const chapters = [...runbook.matchAll(/^#{2,3} (.+)$/gm)].map(([, title]) => title as string);
    const source = ['infra/constructs/alarms.ts', 'infra/operations-stack.ts']
      .map((path) => readFileSync(join(ROOT, path), 'utf8'))
      .join('\n');
    const named = [
      ...[...source.matchAll(/chapter: '([a-z-]+)'/g)].map(([, name]) => name as string),
      ...[...source.matchAll(/operations\.md#([a-z-]+)/g)].map(([, name]) => name as string),
    ];
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(chapters).toContain(name);
  });
});
