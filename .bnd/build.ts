import { build, type BuildOptions } from 'esbuild';
import { readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { bundleOptions } from '../infra/bundle-options';
async function main() {
  const rows: string[] = [];
  for (const f of readdirSync('.bnd').filter((f) => f.endsWith('.ts') && f !== 'build.ts').sort()) {
    const name = f.slice(0, -3);
    const full = bundleOptions({ root: process.cwd(), entry: `.bnd/${f}`, outfile: '' });
    const { mainFields, alias, external, plugins, ...base } = full;
    const variants: Record<string, BuildOptions> = { plain: base, fields: { ...base, mainFields, alias }, full };
    const cells: string[] = [];
    for (const [v, o] of Object.entries(variants)) {
      const outfile = `/tmp/bnd/out/${v}/${name}.mjs`;
      const r = await build({ ...o, outfile, metafile: true });
      const bytes = Object.values(r.metafile.outputs)[0]!.bytes;
      const ms = [1, 2, 3, 4, 5].map(() => Number(execFileSync('node', ['--no-warnings', '-e', `const t=performance.now();import('${outfile}').then(()=>console.log(performance.now()-t))`], { env: { ...process.env, STATE_TABLE: 't', AWS_REGION: 'us-east-1' } }).toString())).sort((a, b) => a - b)[2]!;
      cells.push(`${Math.round(bytes / 1000)} KB ${ms.toFixed(0)} ms`);
      if (v === 'full' && process.argv.includes(name)) console.log(Object.entries(Object.values(r.metafile.outputs)[0]!.inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput).slice(0, 14).map(([k, x]) => `${x.bytesInOutput} ${k}`).join('\n'));
    }
    rows.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  console.log(rows.join('\n'));
}
main();
